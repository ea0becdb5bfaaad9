# RE
print(open('@HOST@/inner/file').read())
