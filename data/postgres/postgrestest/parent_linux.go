package postgrestest

import "syscall"

// dieWithParent has the server shut down at once when the thread that started it ends,
// and so when its test binary is killed.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }
