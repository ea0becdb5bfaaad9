# RE
x = bytearray(10 * 10**9)
print(8)
