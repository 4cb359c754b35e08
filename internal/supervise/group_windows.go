package supervise

import (
	"os/exec"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is a program with everything that it starts: a job, and a process group of the console. Ctrl-C does not reach
// it, so this process decides when it stops. The job ends with its last handle, which this process holds: if this
// process dies, the system ends the programs.
type group struct {
	pid uint32

	mu  sync.Mutex
	job windows.Handle // 0 once it has ended
}

// startGroup starts cmd. The program is suspended until it is in the job, so that everything that it starts is in the
// job too. If this process dies, temp is not removed.
func startGroup(cmd *exec.Cmd, temp string) (*group, error) {
	job, err := newJob()
	if err != nil {
		return nil, err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_SUSPENDED}
	if err := cmd.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return nil, err
	}
	g := &group{pid: uint32(cmd.Process.Pid), job: job}
	if err := g.enter(); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		g.end()
		return nil, err
	}
	return g, nil
}

// newJob returns a job whose programs end when its last handle is closed:
// https://learn.microsoft.com/windows/win32/procthread/job-objects
func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

// enter puts the suspended program into the job and resumes it.
func (g *group) enter() error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, g.pid)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(g.job, process); err != nil {
		return err
	}
	return resume(g.pid)
}

// resume resumes a suspended program. Package os closes the handle of its only thread, so look up the thread.
func resume(pid uint32) error {
	threads, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(threads)
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	for err = windows.Thread32First(threads, &entry); err == nil; err = windows.Thread32Next(threads, &entry) {
		if entry.OwnerProcessID != pid {
			continue
		}
		thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, entry.ThreadID)
		if err != nil {
			return err
		}
		defer windows.CloseHandle(thread)
		_, err = windows.ResumeThread(thread)
		return err
	}
	return err
}

// ask sends Ctrl-Break, which a Go program receives as os.Interrupt and Node as SIGBREAK. Without a console, it does
// nothing.
func (g *group) ask() {
	if windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, g.pid) != nil {
		g.kill()
	}
}

// kill ends all programs of the group.
func (g *group) kill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.job != 0 {
		_ = windows.TerminateJobObject(g.job, 1)
	}
}

// end kills what the program left behind when it ended.
func (g *group) end() {
	g.kill()
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = windows.CloseHandle(g.job)
	g.job = 0
}
