#!/usr/bin/env python3
"""Makes number_table.txt: what Python's decimal (34 digits, half to even) gives, an independent implementation of the arithmetic that
feel_num promises. Run it and compare after a change: number_table.py > number_table.txt

Each line: operation, operands, result or a fault, parted by blanks. exp, ln and pow are rounded from 60 digits."""
import decimal
import random
from decimal import Decimal as D

random.seed(34)
CTX = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144,
                      traps=[decimal.DivisionByZero, decimal.Overflow, decimal.InvalidOperation])
WIDE = decimal.Context(prec=80, rounding=decimal.ROUND_HALF_EVEN, Emin=-999999, Emax=999999)
ROUNDINGS = {'half_even': decimal.ROUND_HALF_EVEN, 'half_up': decimal.ROUND_HALF_UP, 'half_down': decimal.ROUND_HALF_DOWN,
             'up': decimal.ROUND_UP, 'down': decimal.ROUND_DOWN, 'floor': decimal.ROUND_FLOOR, 'ceiling': decimal.ROUND_CEILING}


def number(digits, least, most):
    coefficient = random.randrange(10 ** random.randrange(1, digits + 1))
    return D((random.randrange(2), tuple(map(int, str(coefficient))), random.randrange(least, most + 1)))


def text(v):
    return format(v, 'f') if -60 < v.adjusted() < 60 and v.as_tuple().exponent <= 0 else format(v, 'e').replace('E', 'e')


def result(f):
    try:
        v = f()
        return '0' if v.is_zero() else text(v)
    except decimal.DivisionByZero:
        return 'DIV_ZERO'
    except decimal.Overflow:
        return 'OVERFLOW'
    except decimal.InvalidOperation:
        return 'INVALID'


def floor_mod(a, b):
    if b.is_zero():
        raise decimal.DivisionByZero
    exact = decimal.Context(prec=13000, Emin=-999999, Emax=999999)
    r = exact.remainder(a, b)
    return CTX.plus(exact.add(r, b) if r and (r < 0) != (b < 0) else r)


def rounded(a, scale, mode):
    exact = decimal.Context(prec=13000, rounding=ROUNDINGS[mode], Emin=-999999, Emax=999999)
    return a if -a.as_tuple().exponent <= scale else exact.quantize(a, D((0, (1,), -scale)))


def line(*parts):
    print(' '.join(parts))


def two(a, b):
    x, y = text(a), text(b)
    line('add', x, y, result(lambda: CTX.add(a, b)))
    line('sub', x, y, result(lambda: CTX.subtract(a, b)))
    line('mul', x, y, result(lambda: CTX.multiply(a, b)))
    line('div', x, y, 'DIV_ZERO' if b.is_zero() else result(lambda: CTX.divide(a, b)))
    line('mod', x, y, result(lambda: floor_mod(a, b)))
    line('cmp', x, y, str((a > b) - (a < b)))


print('# Made by number_table.py; see there.')
EDGES = [D(s) for s in ('0', '1', '-1', '9223372036854775807', '-9223372036854775808', '9223372036854775808',
                        '9999999999999999999999999999999999', '0.000000000000000001', '1e6144', '-1e-6176', '0.5',
                        '1.000000000000000000000000000000001')]
for a in EDGES:
    for b in EDGES:
        two(a, b)
for _ in range(40):
    two(number(9, -4, 0), number(9, -4, 0))
for _ in range(60):
    two(number(19, -18, 0), number(19, -18, 0))
for _ in range(80):
    two(number(34, -40, 6), number(34, -40, 6))
for _ in range(250):
    a = number(34, -40, 3)
    scale = random.randrange(-6, 42)
    mode = random.choice(list(ROUNDINGS))
    line(mode, text(a), str(scale), result(lambda: CTX.plus(rounded(a, scale, mode))))
for mode in ROUNDINGS:
    for a in ('2.5', '-2.5', '3.5', '0.5', '-0.5', '2.51', '2.49', '1250', '-1350', '99.5'):
        for scale in (0, -2, 1):
            line(mode, a, str(scale), result(lambda: CTX.plus(rounded(D(a), scale, mode))))
for _ in range(120):
    a = abs(number(34, -40, 10))
    line('sqrt', text(a), result(lambda: CTX.sqrt(a)))
for _ in range(60):
    a = number(20, -19, -17)
    line('exp', text(a), result(lambda: CTX.plus(WIDE.exp(a))))
    line('log', text(abs(a) + 1), result(lambda: CTX.plus(WIDE.ln(abs(a) + 1))))
    b, n = abs(number(6, -4, -2)) + D('0.1'), number(4, -2, -1)
    line('pow', text(b), text(n), result(lambda: CTX.plus(WIDE.power(b, n))))
for _ in range(60):
    b, n = 1 + D(random.randrange(1, 10 ** 6)).scaleb(-random.randrange(6, 12)), D(random.randrange(1, 10 ** 7)).scaleb(-random.randrange(3))
    n = random.choice((n, -n))
    line('pow', text(b), text(n), result(lambda: CTX.plus(WIDE.power(b, n))))
for a, n in (('1.1', '100'), ('-2', '3'), ('-2', '127'), ('3', '81'), ('10', '-5'), ('2', '0.5'), ('7', '-40'), ('1.000001', '999999'),
             ('0', '0'), ('0', '-1'), ('-2', '0.5'), ('10', '6145'), ('9', '6400'), ('1', '99999999999')):
    fault = {('0', '0'): '1', ('0', '-1'): 'DIV_ZERO', ('-2', '0.5'): 'INVALID', ('10', '6145'): 'OVERFLOW', ('1', '99999999999'): '1'}
    line('pow', a, n, fault.get((a, n)) or result(lambda: CTX.plus(WIDE.power(D(a), D(n)))))
for _ in range(120):
    digits = ''.join(random.choice('0123456789') for _ in range(random.randrange(1, 60)))
    point = random.randrange(0, len(digits))
    s = (digits[:point] or '0') + '.' + digits[point:] + random.choice(['', '', 'e5', 'e-30', 'E+12'])
    line('parse', s, result(lambda: CTX.create_decimal(s)))
for s in ('99999999999999999999999999999999995', '1234567890123456789012345678901234500000000000000000001', '0.' + '0' * 40 + '123',
          '12345678901234567890123456789012345e-1', '1e6145', '1e-6177', '9.9e6144'):
    line('parse', s, result(lambda: CTX.create_decimal(s)))
# at the ends of the range, and near 1, where logarithms are small
for a, n in (('1e-6000', '0.123'), ('9.5e6100', '-0.75'), ('2', '20000.5'), ('0.5', '-20000.75'), ('1.0000001', '1234567.5'),
             ('0.9999999999', '-98765432.1'), ('4', '0.5'), ('1024', '0.1'), ('1e-20', '2.05')):
    line('pow', a, n, result(lambda: CTX.plus(WIDE.power(D(a), D(n)))))
for a in ('1e-6176', '9.999e6144', '1.00000000000000001', '0.99999999999999999', '1.000000000000000000000000123456', '3.1622', '3.1623', '1'):
    line('log', a, result(lambda: CTX.plus(WIDE.ln(D(a)))))
for a in ('14000.5', '-14000.5', '1e-30', '-1e-30', '1.151292546497022842', '1.151292546497022843', '0', '1', '20000'):
    line('exp', a, result(lambda: CTX.plus(WIDE.exp(D(a)))))
for a, n in (('2', '0.5'), ('2', '-0.5'), ('3e-6176', '0.5'), ('9.99e6144', '-0.5'), ('1.0000000000000000000000000000000001', '2.5'), ('7.3', '-3.5'),
             ('123456789.123456789', '11.5')):
    line('pow', a, n, result(lambda: CTX.plus(WIDE.power(D(a), D(n)))))
