package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/supervise"
)

// webkit runs WebKitGTK's small browser, driven by W3C WebDriver. A driver has one session, and the windows of a session share
// their storage. So each page of its own has a driver of its own, with a display of its own, where nothing else takes the
// focus. Drivers are used again.
type webkit struct {
	profile            string
	driver, mini, xvfb string
	mu                 sync.Mutex
	processes, idle    []*webkitProcess
	started            int
}

// webkitProcess is a driver with its display, and the browser that the driver starts for a session.
type webkitProcess struct {
	process *supervise.Process
	// url is the address of the driver.
	url string
}

func startWebKit(ctx context.Context, profile string, _ settings) (_ driver, err error) {
	w := &webkit{profile: profile}
	for p, path := range map[*program]*string{&webkitDriver: &w.driver, &miniBrowser: &w.mini, &virtualDisplay: &w.xvfb} {
		if *path, err = p.path(); err != nil {
			return nil, err
		}
	}
	first, err := w.take(ctx)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.idle = append(w.idle, first)
	return w, nil
}

// display starts an X server that nobody sees, and then the driver on it.
const display = `"$1" -displayfd 3 -screen 0 1400x1000x24 -nolisten tcp 3>"$3/display" 2>/dev/null &
while ! [ -s "$3/display" ]; do kill -0 $! || exit 1; sleep 0.02; done
DISPLAY=:$(cat "$3/display"); export DISPLAY
exec "$2" --port="$4" --host=127.0.0.1`

// take returns an idle driver, or a new one.
func (w *webkit) take(ctx context.Context) (*webkitProcess, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.idle); n > 0 {
		p := w.idle[n-1]
		w.idle = w.idle[:n-1]
		return p, nil
	}
	w.started++
	dir := filepath.Join(w.profile, fmt.Sprint(w.started))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	p := &webkitProcess{}
	addr, err := supervise.FreeAddr()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	p.url = "http://" + addr
	p.process, err = supervise.Start(supervise.Spec{
		Name: "webkit", Kind: "the browser", Addr: addr,
		Command: []string{"/bin/sh", "-c", display, "webkit", w.xvfb, w.driver, dir, port},
		// Downloads go to the home folder.
		Env: []string{"HOME=" + dir, "XDG_CACHE_HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_DOWNLOAD_DIR=" + dir},
	}, supervise.NewOutput(io.Discard))
	if err != nil {
		return nil, err
	}
	w.processes = append(w.processes, p)
	return p, p.process.Ready(ctx)
}

// give returns a driver whose session has ended.
func (w *webkit) give(p *webkitProcess) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, p)
}

func (w *webkit) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var stopped sync.WaitGroup
	for _, p := range w.processes {
		// The browser is in the driver's process group and ends with it.
		stopped.Go(p.process.Stop)
	}
	stopped.Wait()
	return removeProfile(w.profile)
}

func (w *webkit) open(ctx context.Context, beside tab) (tab, error) {
	if beside != nil {
		s := beside.(*webkitTab).session
		s.mu.Lock()
		defer s.mu.Unlock()
		var made struct{ Handle string }
		if err := s.command(ctx, "POST", "/window/new", map[string]any{"type": "window"}, &made); err != nil {
			return nil, err
		}
		s.windows++
		return newWebkitTab(s, made.Handle), nil
	}
	// A driver sometimes never starts its next browser. Then another one does.
	s, err := w.session(ctx)
	for range 2 {
		if err == nil || ctx.Err() != nil {
			break
		}
		s, err = w.session(ctx)
	}
	if err != nil {
		return nil, err
	}
	var handle string
	if err := s.command(ctx, "GET", "/window", nil, &handle); err != nil {
		return nil, err
	}
	t := newWebkitTab(s, handle)
	return t, t.setSize(ctx, tabWidth, tabHeight)
}

// sessionLimit is the time limit for the start of a browser.
const sessionLimit = 30 * time.Second

// session starts a session. If it fails, its driver is stopped.
func (w *webkit) session(ctx context.Context) (*webkitSession, error) {
	p, err := w.take(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, sessionLimit)
	defer cancel()
	s := &webkitSession{webdriver: webdriver{p.url}, browser: w, process: p, windows: 1}
	var made struct{ SessionID string }
	if err := s.command(ctx, "POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName":             "MiniBrowser",
		"acceptInsecureCerts":     true,
		"unhandledPromptBehavior": "ignore",
		"timeouts":                map[string]any{"script": 600_000, "pageLoad": 600_000},
		"webkitgtk:browserOptions": map[string]any{
			"binary": w.mini,
			"args":   []string{"--automation"},
		},
	}}}, &made); err != nil {
		p.process.Stop()
		return nil, err
	}
	s.url += "/session/" + made.SessionID
	return s, nil
}
