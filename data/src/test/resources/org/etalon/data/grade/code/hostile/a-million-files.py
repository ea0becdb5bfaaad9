# RE
for i in range(10**6):
    open(str(i), 'w').close()
print(8)
