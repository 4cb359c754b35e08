//go:build linux

// Command day plays a working day with the example: the local host is restarted, killed and put to sleep, the backend is
// killed, the browser goes offline, the tokens live for 3 seconds and are revoked, keys are held. Meanwhile the app's page
// sends requests by each way until there are 500 tasks. Afterwards it prints how many calls were made, how many failed, how
// many tasks were lost or doubled, how long each recovery took, and the memory before and after. If a task was lost or
// doubled, or a recovery took longer than 5 seconds, the exit status is 1.
//
// Run it with "make day", or in the folder test/:
//
//	go run ./tools/day -duration 90s -tasks 100
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// maxRecovery is how long a recovery may take.
const maxRecovery = 5 * time.Second

func main() {
	var c config
	flag.DurationVar(&c.duration, "duration", 10*time.Minute, "how long the day lasts; each thing happens at least once")
	flag.IntVar(&c.tasks, "tasks", 500, "how many tasks are added")
	flag.Parse()
	if err := play(c); err != nil {
		fmt.Fprintln(os.Stderr, "day:", err)
		os.Exit(1)
	}
}

func play(c config) (err error) {
	if c.duration <= 0 || c.tasks < 3 {
		return errors.New("the duration must be more than 0, and there must be at least 3 tasks")
	}
	d := &day{config: c, tb: &tb{}}
	defer func() { err = errors.Join(err, d.tb.end()) }()
	defer func() {
		if failed, ok := recover().(failure); ok {
			err = errors.Join(failed, d.showPage())
		} else if failed != (failure{}) {
			panic(failed)
		}
	}()
	d.prepare()
	d.run()
	return d.report()
}

// showPage saves a screenshot of the page and prints where it is. It returns an error if the page does not answer any more.
func (d *day) showPage() (err error) {
	if d.app.Page == nil {
		return nil
	}
	defer func() {
		if failed, ok := recover().(failure); ok {
			err = failed
		} else if failed != (failure{}) {
			panic(failed)
		}
	}()
	name := filepath.Join(os.TempDir(), "forgego-day.png")
	if err := os.WriteFile(name, d.app.Page.Screenshot(), 0o600); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "the page at that time:", name)
	return nil
}
