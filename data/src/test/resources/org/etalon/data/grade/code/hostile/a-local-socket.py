# RE
import socket
socket.socket(socket.AF_UNIX).connect('/tmp/x')
