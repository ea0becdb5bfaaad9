# RE
x = []
while True:
    x.append('x' * 10**7)
