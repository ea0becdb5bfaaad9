# TO
while True:
    pass
