# WA
import sys
sys.exit(0)
