package devloop

import (
	"strings"
	"testing"
)

const (
	vendorMod  = goMod + "\nrequire example.com/dep v1.0.0\n"
	vendorList = "# example.com/dep v1.0.0\n## explicit; go 1.26.0\nexample.com/dep\n"
	depText    = "package dep\n\nconst Text = \"first dep\"\n"
	usesDep    = "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.Text) }\n"
)

// depBackend answers with the text of package dep.
func depBackend() string {
	text := strings.Replace(backendThat("", ""), `"fmt"`, "\"fmt\"\n\t\"example.com/dep\"", 1)
	return strings.Replace(text, `const answer = ""`, "const answer = dep.Text", 1)
}

// untilAnswer waits until the backend answers with a text.
func (r *running) untilAnswer(want string) {
	r.t.Helper()
	r.until("the backend answers "+want, func() bool { return r.backendURL() != "" && r.get(r.backendURL()) == want })
}

func TestVendoredModules(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", strings.Replace(devText, "[go, run, ", "[go, run, -mod=vendor, ", 1),
		"go.mod", vendorMod, "vendor/modules.txt", vendorList, "vendor/example.com/dep/dep.go", depText,
		"frontend/main.go", usesDep, "backend/main.go", depBackend())
	r.untilProgram("main", "first dep")
	r.untilAnswer("first dep")
	t.Run("a file of a vendored package", func(t *testing.T) {
		r.write("vendor/example.com/dep/dep.go", strings.Replace(depText, "first", "second", 1))
		r.untilProgram("main", "second dep")
		r.untilAnswer("second dep")
	})
	t.Run("a list that does not fit go.mod", func(t *testing.T) {
		r.write("vendor/modules.txt", strings.ReplaceAll(vendorList, "v1.0.0", "v1.1.0"))
		r.untilProblem("frontend main", "inconsistent vendoring")
		r.untilProblem("remote api", "inconsistent vendoring")
		r.untilAnswer("second dep")
		r.write("vendor/modules.txt", vendorList)
		r.waitForNoProblems()
	})
	t.Run("the folder is removed and comes back", func(t *testing.T) {
		r.remove("vendor")
		r.untilProblem("frontend main", "example.com/dep")
		r.write("vendor/modules.txt", vendorList)
		r.write("vendor/example.com/dep/dep.go", strings.Replace(depText, "first", "third", 1))
		r.waitForNoProblems()
		r.untilProgram("main", "third dep")
		r.untilAnswer("third dep")
	})
}

func TestWorkspace(t *testing.T) {
	t.Parallel()
	const (
		work   = "go 1.26.0\n\nuse (\n\t.\n\t./dep\n)\n"
		depMod = "module example.com/dep\n\ngo 1.26.0\n"
	)
	r := run(t, "go.work", work, "dep/go.mod", depMod, "dep/dep.go", depText, "frontend/main.go", usesDep, "backend/main.go", depBackend())
	r.untilProgram("main", "first dep")
	r.untilAnswer("first dep")
	t.Run("a file of another module", func(t *testing.T) {
		r.write("dep/dep.go", strings.Replace(depText, "first", "second", 1))
		r.untilProgram("main", "second dep")
		r.untilAnswer("second dep")
	})
	t.Run("a go.work that is wrong", func(t *testing.T) {
		r.write("go.work", "use (\n")
		r.untilProblem("frontend main", "go.work:")
		r.untilProblem("remote api", "go.work:")
		r.write("go.work", work)
		r.waitForNoProblems()
	})
	t.Run("another folder for the module", func(t *testing.T) {
		r.write("fork/go.mod", depMod)
		r.write("fork/dep.go", strings.Replace(depText, "first", "third", 1))
		r.write("go.work", strings.Replace(work, "./dep", "./fork", 1))
		r.untilProgram("main", "third dep")
		r.untilAnswer("third dep")
		r.write("fork/dep.go", strings.Replace(depText, "first", "fourth", 1))
		r.untilProgram("main", "fourth dep")
		r.untilAnswer("fourth dep")
	})
	t.Run("go.work is removed and comes back", func(t *testing.T) {
		r.remove("go.work")
		r.untilProblem("frontend main", "example.com/dep")
		r.write("go.work", work)
		r.waitForNoProblems()
		r.untilProgram("main", "second dep")
		r.untilAnswer("second dep")
	})
}
