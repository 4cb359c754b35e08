//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// host is a running "forgego dev".
type host struct {
	cmd    *exec.Cmd
	exited chan struct{}
}

// startHost starts the command at d.addr and returns when it is ready.
func (d *day) startHost() {
	cmd := exec.Command(d.forgego, "dev", "--addr", d.addr, "--fit-ttl", "3s", d.dir)
	cmd.Env = append(os.Environ(), "TASKS_DB="+filepath.Join(d.data, "tasks.db"))
	cmd.Stderr = &d.log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		d.tb.Fatal(err)
	}
	h := &host{cmd, make(chan struct{})}
	ready := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, found := strings.CutPrefix(lines.Text(), "ready: "); found {
				ready <- url
			}
		}
		_ = cmd.Wait() // how it ended does not matter: it is also killed
		close(h.exited)
	}()
	select {
	case d.url = <-ready:
		d.host = h
	case <-h.exited:
		d.tb.Fatalf("forgego ended:\n%s", d.log.String())
	case <-time.After(3 * time.Minute):
		_ = cmd.Process.Kill()
		d.tb.Fatalf("forgego is not ready after 3 minutes:\n%s", d.log.String())
	}
}

// end sends a signal and waits until the host has ended.
func (h *host) end(signal syscall.Signal) {
	_ = h.cmd.Process.Signal(signal) // fails if it has ended
	<-h.exited
}

// killBackend kills the example's backend, which runs from a file of its own.
func (d *day) killBackend() {
	found := false
	for _, pid := range d.backends() {
		found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
	}
	if !found {
		d.tb.Fatal("the backend does not run")
	}
}

// backends returns the process IDs of the backend.
func (d *day) backends() (pids []int) {
	files, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, file := range files {
		if path, err := os.Readlink(file); err == nil && path == d.remote {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// memoryOf returns the resident memory of a process, in bytes.
func memoryOf(pid int) (bytes int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}

// freePair returns an address that is free, and so is the next port.
func freePair() (string, error) {
	for {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		addr := first.Addr().(*net.TCPAddr)
		next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", addr.Port+1))
		_ = first.Close()
		if err == nil {
			return addr.String(), next.Close()
		}
	}
}

// build runs a command in the repository's root.
func (d *day) build(name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Dir = d.root
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Run(); err != nil {
		d.tb.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
}
