package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// part is a part of the benchmark. Its result has a JSON form and can print itself as tables.
type part struct {
	name string
	run  func(ctx context.Context, b *bench) (result, error)
	// anywhere means that the part runs in each browser, and not only in Chromium.
	anywhere bool
}

type result interface {
	// Markdown returns the tables for docs/performance.md.
	Markdown() string
}

var parts = []part{
	{"calls", measureCalls, true},
	{"values", measureValues, true},
	{"growth", measureGrowth, false},
	{"leaks", measureLeaks, false},
	{"exports", measureExports, true},
	{"worker", measureWorker, true},
	{"weight", measureWeight, false},
	{"boot", measureBoot, true},
	{"loading", measureLoading, true},
	{"loop", measureLoop, false},
}

// bench is what all parts share.
type bench struct {
	browser *browser.Browser
	pairs   int
	sample  time.Duration
	cells   *regexp.Regexp
	full    bool
	// bootPairs is how often each page is loaded under each condition. encoding is the content-encoding of the files.
	bootPairs int
	encoding  string
	// saves is how often the part loop saves each kind of file.
	saves int
	// tinygo reports whether TinyGo is installed. If it is, our programs are measured as TinyGo builds them too.
	tinygo bool
	// newest is a version of Go, such as "go1.27.4". The programs are weighed with that version too. If it is "", they are
	// not.
	newest string
}

// committed is the file with the results that the docs show.
const committed = "../docs/performance.json"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	chosen := flags.String("part", "", "the parts to run, with commas between: "+strings.Join(names, ",")+"; all if empty, which are calls, values, exports, worker, boot and loading outside Chromium")
	engine := flags.String("browser", string(browser.Chromium), "the browser to measure: chromium, firefox or webkit")
	b := &bench{}
	flags.IntVar(&b.pairs, "pairs", 15, "how many pairs each comparison has")
	flags.DurationVar(&b.sample, "sample", 25*time.Millisecond, "how long a sample of calls is at least")
	flags.BoolVar(&b.full, "full", false, "give the cells that move more than 100 MB at once as many pairs as the others")
	flags.IntVar(&b.bootPairs, "boot-pairs", 9, "how often each page is loaded under each condition; twice as often under those that goals are about")
	flags.StringVar(&b.encoding, "encoding", "gzip", "the content-encoding of the part boot: gzip, br or identity")
	flags.IntVar(&b.saves, "saves", 20, "how often the part loop saves each kind of file")
	flags.StringVar(&b.newest, "newest", "", "a version of Go, such as go1.27.4, with which the part weight builds the programs too")
	cells := flags.String("cells", "", "a regular expression for the cells of calls, values, boot and loop to measure, such as 'requestRemote/100B/50'")
	out := flags.String("o", "../bin/bench.json", "the JSON file for the results")
	update := flags.Bool("update", false, "write the results into "+committed+", the tables into docs/performance.md and the pictures beside it")
	rewrite := flags.Bool("rewrite", false, "measure nothing; rewrite the tables and pictures from "+committed)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *update && *cells != "" {
		return errors.New("-update writes all cells: leave out -cells")
	}
	wanted, err := wantedParts(*chosen, browser.Engine(*engine))
	if err != nil {
		return err
	}
	if b.cells, err = regexp.Compile(*cells); err != nil {
		return err
	}
	if b.pairs < 1 || b.bootPairs < 1 || b.saves < 1 {
		return errors.New("-pairs, -boot-pairs and -saves are 1 or more")
	}
	// A part that does not run now keeps its earlier result.
	record := &Record{}
	if err := record.read(committed); err != nil {
		return err
	}
	if *rewrite {
		return record.document()
	}
	if b.browser, err = browser.StartWhole(ctx, browser.Engine(*engine)); err != nil {
		return err
	}
	err = b.measure(ctx, wanted, record.in(b.browser.Engine), *out)
	if err = errors.Join(err, b.browser.Close()); err != nil || !*update {
		return err
	}
	return errors.Join(record.write(committed), record.document())
}

// measure runs the parts, prints their tables and puts their results into record. The file gets the results of this run
// only. It is written after each part, so that an interrupted run keeps its results.
func (b *bench) measure(ctx context.Context, wanted []string, record *Record, file string) (err error) {
	if record.Environment, err = environmentOf(ctx, b); err != nil {
		return err
	}
	if _, err := exec.LookPath("tinygo"); err == nil {
		b.tinygo = b.isChromium()
	} else {
		progress("TinyGo is not installed, so its columns are left out: tinygo/setup.sh installs it (Debian)")
	}
	whole := &Record{}
	now := whole.in(b.browser.Engine)
	now.Environment = record.Environment
	for _, p := range parts {
		if !slices.Contains(wanted, p.name) {
			continue
		}
		start := time.Now()
		progress("%s", p.name)
		result, err := p.run(ctx, b)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		progress("%s took %v", p.name, time.Since(start).Round(time.Second))
		record.set(result)
		now.set(result)
		if err := whole.write(file); err != nil {
			return err
		}
		fmt.Printf("\n%s\n", result.Markdown())
	}
	if len(whole.goals()) > 0 {
		fmt.Printf("\n%s", whole.goalsMarkdown())
	}
	return nil
}

// wantedParts returns the parts that are chosen, with commas between. If none are, it returns all that the browser can run.
func wantedParts(chosen string, engine browser.Engine) ([]string, error) {
	if !slices.Contains(browser.All, engine) {
		return nil, fmt.Errorf("there is no browser %q; use chromium, firefox or webkit, one at a time", engine)
	}
	var wanted, names []string
	for _, p := range parts {
		names = append(names, p.name)
		if p.anywhere || engine == browser.Chromium {
			wanted = append(wanted, p.name)
		}
	}
	if chosen == "" {
		return wanted, nil
	}
	for name := range strings.SplitSeq(chosen, ",") {
		switch {
		case !slices.Contains(names, name):
			return nil, fmt.Errorf("there is no part %q; the parts are %s", name, strings.Join(names, ", "))
		case !slices.Contains(wanted, name):
			return nil, fmt.Errorf("the part %s runs in Chromium only; in %s run %s", name, engine, strings.Join(wanted, ", "))
		}
	}
	return strings.Split(chosen, ","), nil
}

// isChromium reports whether the parts run in Chromium, whose protocol can also collect garbage and slow the processor.
func (b *bench) isChromium() bool { return b.browser.Engine == browser.Chromium }

// progress prints a line about the state of the benchmark.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s "+format+"\n", append([]any{time.Now().Format("15:04:05")}, args...)...)
}
