# WA
import sys
sys.stdout.close()
