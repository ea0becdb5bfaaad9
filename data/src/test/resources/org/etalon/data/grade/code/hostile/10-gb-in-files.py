# RE
for i in range(10**4):
    open(str(i), 'wb').write(bytes(10**7))
