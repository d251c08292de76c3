create operator === (function = int4eq, leftarg = int, rightarg = int);
