package kvs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func newFile(t *testing.T) File { return File{t.TempDir(), "storage.json"} }

func write(t *testing.T, file File, text string) {
	t.Helper()
	if err := os.WriteFile(file.path(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, file File) string {
	t.Helper()
	text, err := os.ReadFile(file.path())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func set(key string, value any) string { return fmt.Sprintf(`{"key":%q,"value":%v}`, key, value) }

// has checks that a get contains a text.
func has(t *testing.T, s *Store, file File, key, want string) {
	t.Helper()
	if got := doIn(t, s, file, "get", `{"key":"`+key+`"}`); !strings.Contains(got, want) {
		t.Errorf("%s: got %s, want %s", key, got, want)
	}
}

// Only the user may read the file, because it has secrets.
func TestFile(t *testing.T) {
	file := newFile(t)
	var first, second Store
	has(t, &first, file, "a", "KEY_NOT_FOUND")
	if entries, err := os.ReadDir(file.Dir); err != nil || len(entries) > 0 {
		t.Errorf("reading has made %v, %v", entries, err)
	}
	doIn(t, &first, file, "set", set("a", `"<b>"`))
	doIn(t, &first, file, "secret/set", set("s", 1))
	for key, path := range map[string]string{"a": "get", "s": "secret/get"} {
		if got := doIn(t, &second, file, path, `{"key":"`+key+`"}`); !strings.Contains(got, `"value":`) {
			t.Errorf("%s after a restart: got %s", path, got)
		}
	}
	if info, err := os.Stat(file.path()); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
	if got := do(t, &second, "get", `{"key":"a"}`); !strings.HasPrefix(got, "KEY_NOT_FOUND") {
		t.Errorf("in memory: got %s", got)
	}
	has(t, &second, file, "a", `b\u003e"`)
}

// A folder that does not exist is made, with the first change.
func TestFileInNewFolder(t *testing.T) {
	var s Store
	file := File{t.TempDir(), ".forgego/data/storage.json"}
	has(t, &s, file, "a", "KEY_NOT_FOUND")
	if got := doIn(t, &s, file, "set", set("a", 1)); got != "" {
		t.Errorf("got %s", got)
	}
	has(t, &Store{}, file, "a", `"value":1`)
}

// Other programs and people change the file while the store is in use.
func TestFileChanges(t *testing.T) {
	file := newFile(t)
	var s Store
	doIn(t, &s, file, "set", set("a", 1))
	text := content(t, file)
	info, err := os.Stat(file.path())
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.Replace(text, `"value": 1`, `"value": 2`, 1))
	// The size is the same. So is the time, on a file system that counts it in long steps.
	if err := os.Chtimes(file.path(), time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	has(t, &s, file, "a", `"value":2`)
	doIn(t, &s, file, "set", set("b", 1))
	write(t, file, strings.Replace(content(t, file), `"value": 2`, `"value": "other"`, 1))
	doIn(t, &s, file, "set", set("c", 1))
	has(t, &s, file, "a", `"value":"other"`)
	has(t, &Store{}, file, "a", `"value":"other"`)

	good := content(t, file)
	for _, broken := range []string{"no JSON", "", `{"1":[]}`, `{"1":{"values":{"a":{}}}}`, good[:len(good)/2], "\xff\xfe{\x00}\x00"} {
		write(t, file, broken)
		for _, path := range []string{"get", "set", "transaction"} {
			if got := doIn(t, &s, file, path, set("a", 3)); !strings.Contains(got, "remove or correct "+file.path()) {
				t.Errorf("%q: %s returned %s", broken, path, got)
			}
		}
		if got := content(t, file); got != broken {
			t.Errorf("%q has become %q", broken, got)
		}
	}
	write(t, file, good)
	has(t, &s, file, "c", `"value":1`)

	if err := os.Remove(file.path()); err != nil {
		t.Fatal(err)
	}
	has(t, &s, file, "c", "KEY_NOT_FOUND")
	doIn(t, &s, file, "set", set("d", 1))
	if got := content(t, file); strings.Contains(got, `"c"`) || !strings.Contains(got, `"d"`) {
		t.Errorf("after the file was removed: %s", got)
	}
	for _, empty := range []string{"null", "{}", `{"1":null,"2":{}}`, "\ufeff{}"} {
		write(t, file, empty)
		has(t, &s, file, "d", "KEY_NOT_FOUND")
		if got := doIn(t, &s, file, "set", set("a", 1)); got != "" {
			t.Errorf("%s: got %s", empty, got)
		}
	}
}

// A change that cannot be written is not in memory either.
func TestFileNotWritten(t *testing.T) {
	file := newFile(t)
	var s Store
	doIn(t, &s, file, "set", set("a", 1))
	inTheWay := filepath.Join(file.Dir, ".storage.json.tmp", "folder")
	if err := os.MkdirAll(inTheWay, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, body := range map[string]string{
		"set": set("a", 2), "delete": `{"key":"a"}`, "batch/set": "[" + set("a", 2) + "," + set("b", 2) + "]",
		"transaction": `{"set":[` + set("b", 2) + `],"delete":[{"key":"a"}]}`,
	} {
		if got := doIn(t, &s, file, path, body); !strings.Contains(got, "nothing was changed") || !strings.Contains(got, file.path()) {
			t.Errorf("%s: got %s", path, got)
		}
		has(t, &s, file, "a", `"value":1`)
		has(t, &s, file, "b", "KEY_NOT_FOUND")
	}
	if err := os.RemoveAll(filepath.Dir(inTheWay)); err != nil {
		t.Fatal(err)
	}
	if got := doIn(t, &s, file, "set", set("b", 2)); got != "" {
		t.Errorf("afterwards: got %s", got)
	}
	has(t, &s, file, "a", `"value":1`)
}

// A batch with something that is not on the local host changes nothing.
func TestBatchWithEntity(t *testing.T) {
	var s Store
	do(t, &s, "batch/set", `[{"key":"a","value":1},{"key":"b","value":1,"entityName":"e"}]`)
	if got := do(t, &s, "get", `{"key":"a"}`); !strings.HasPrefix(got, "KEY_NOT_FOUND") {
		t.Errorf("got %s", got)
	}
}

// perProgram is how many values each program of the next test sets.
const perProgram = 100

// Several programs change one file at the same time.
func TestPrograms(t *testing.T) {
	if dir := os.Getenv("FORGEGO_TEST_KVS"); dir != "" {
		var s Store
		for i := range perProgram {
			if got := doIn(t, &s, File{dir, "storage.json"}, "set", set(fmt.Sprintf("%d-%d", os.Getpid(), i), i)); got != "" {
				t.Fatal(got)
			}
		}
		return
	}
	file := newFile(t)
	var programs []*exec.Cmd
	for range 3 {
		p := exec.Command(os.Args[0], "-test.run=^TestPrograms$")
		p.Env = append(os.Environ(), "FORGEGO_TEST_KVS="+file.Dir)
		p.Stderr = os.Stderr
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		programs = append(programs, p)
	}
	for _, p := range programs {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	var s Store
	for _, p := range programs {
		for i := range perProgram {
			has(t, &s, file, fmt.Sprintf("%d-%d", p.Process.Pid, i), fmt.Sprintf(`"value":%d`, i))
		}
	}
}

// Calls that wait together are written once. Those that fail have no effect, and each has its own answer.
func TestCallsTogether(t *testing.T) {
	file, other := newFile(t), newFile(t)
	var s Store
	s.mu.Lock() // as while a call is carried out
	var group sync.WaitGroup
	answers := make([]string, 40)
	for i := range answers {
		group.Go(func() {
			body := set(fmt.Sprint("k", i), i)
			if i%4 == 1 {
				body = set("not/allowed", i)
			}
			answers[i] = doIn(t, &s, []File{file, file, file, other}[i%4], "set", body)
		})
	}
	for waiting := 0; waiting < len(answers); {
		s.queue.Lock()
		waiting = len(s.waiting)
		s.queue.Unlock()
		runtime.Gosched()
	}
	s.mu.Unlock()
	group.Wait()
	for i, got := range answers {
		if want := map[bool]string{true: "INVALID_KEY"}[i%4 == 1]; !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%d: got %q, want %q", i, got, want)
		}
		want := map[bool]string{true: fmt.Sprintf(`"value":%d,`, i), false: "KEY_NOT_FOUND"}
		has(t, &Store{}, file, fmt.Sprint("k", i), want[i%4 == 0 || i%4 == 2])
		has(t, &Store{}, other, fmt.Sprint("k", i), want[i%4 == 3])
	}
	if len(s.waiting) > 0 {
		t.Errorf("%d calls wait", len(s.waiting))
	}
}

// A call fails if the change of another, which it may have seen, could not be written.
func TestCallsTogetherNotWritten(t *testing.T) {
	file := newFile(t)
	if err := os.MkdirAll(filepath.Join(file.Dir, ".storage.json.tmp", "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	var s Store
	calls := []*call{
		{site: 1, file: file, path: prefix + "set", body: []byte(set("a", 1))},
		{site: 1, file: file, path: prefix + "get", body: []byte(`{"key":"a"}`)},
	}
	s.carryOutAll(calls)
	for _, c := range calls {
		if c.err == nil || c.answer != nil || !strings.Contains(c.err.Error(), "nothing was changed") {
			t.Errorf("%s: got %v, %v", c.path, c.answer, c.err)
		}
	}
}

// A file has a line for each value, and is read as it was written.
func TestEncode(t *testing.T) {
	expires := time.Date(2030, 1, 2, 3, 4, 5, 6, time.UTC)
	sites := map[int]*values{
		1: {Plain: map[string]entry{"b\"\u2028": {json.RawMessage(`{"a":[1]}`), 1, 2, expires}, "a": {json.RawMessage(`"<%s>"`), 3, 4, time.Time{}}},
			Secret: map[string]entry{"a": {json.RawMessage(`1`), 5, 6, time.Time{}}}},
		2: {Plain: map[string]entry{}, Secret: map[string]entry{}},
	}
	var b bytes.Buffer
	err := encode(&b, sites)
	text := b.Bytes()
	if err != nil || !strings.Contains(string(text), "\n      \"a\": {\"value\": \"<%s>\", \"createdAt\": 3, \"updatedAt\": 4},\n") {
		t.Fatalf("got %s, %v", text, err)
	}
	got, err := decode(text)
	for _, of := range got {
		of.size = 0
	}
	if err != nil || !reflect.DeepEqual(got, sites) {
		t.Errorf("%s is read as %v, %v", text, got, err)
	}
}

// BenchmarkSet sets 300 values of 10 KB, one after the other and together.
func BenchmarkSet(b *testing.B) {
	value := strings.Repeat("x", 10_000)
	run := func(b *testing.B, start func(func())) {
		for b.Loop() {
			file, s := File{b.TempDir(), "storage.json"}, Store{}
			var group sync.WaitGroup
			for i := range 300 {
				group.Add(1)
				start(func() {
					defer group.Done()
					if _, err := s.Call(1, file, prefix+"set", []byte(set(fmt.Sprint("k", i), `"`+value+`"`))); err != nil {
						b.Error(err)
					}
				})
			}
			group.Wait()
		}
	}
	b.Run("in turn", func(b *testing.B) { run(b, func(f func()) { f() }) })
	b.Run("together", func(b *testing.B) { run(b, func(f func()) { go f() }) })
}

// Two stores take turns, as forgego dev and forgego mcp do.
func TestTwoStores(t *testing.T) {
	file := newFile(t)
	var first, second Store
	for i := range 5 {
		doIn(t, &first, file, "set", set(fmt.Sprint("first", i), i))
		doIn(t, &second, file, "set", set(fmt.Sprint("second", i), i))
	}
	doIn(t, &first, file, "delete", `{"key":"second0"}`)
	has(t, &second, file, "second0", "KEY_NOT_FOUND")
	for i := range 5 {
		has(t, &second, file, fmt.Sprint("first", i), fmt.Sprintf(`"value":%d`, i))
	}
	for i := range 4 {
		has(t, &first, file, fmt.Sprint("second", i+1), fmt.Sprintf(`"value":%d`, i+1))
	}
}
