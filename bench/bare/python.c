// The cheapest function of C that Python can call with two integers: what a call costs that crosses no more than this border.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *add(PyObject *self, PyObject *const *args, Py_ssize_t nargs) {
  (void)self, (void)nargs;
  long a = PyLong_AsLong(args[0]), b = PyLong_AsLong(args[1]);
  return PyLong_FromLong(a + b);
}

static PyMethodDef methods[] = { { "add", (PyCFunction)(void (*)(void))add, METH_FASTCALL, NULL }, { NULL, NULL, 0, NULL } };
static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, "bare", NULL, -1, methods, NULL, NULL, NULL, NULL };

PyMODINIT_FUNC PyInit_bare(void) { return PyModule_Create(&module); }
