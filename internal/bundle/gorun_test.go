package bundle

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseGoRun(t *testing.T) {
	for command, want := range map[string]GoRun{
		"go run ./remote":                       {Packages: []string{"./remote"}},
		"go run .":                              {Packages: []string{"."}},
		"go run example.com/app/remote -v x":    {Packages: []string{"example.com/app/remote"}, Args: []string{"-v", "x"}},
		"go run -race -tags a,b ./remote serve": {Flags: []string{"-race", "-tags=a,b"}, Packages: []string{"./remote"}, Args: []string{"serve"}},
		"go run --tags=a --race=false -v ./r":   {Flags: []string{"-tags=a", "--race=false", "-v"}, Packages: []string{"./r"}},
		"go run -C remote -mod mod .":           {Dir: "remote", Flags: []string{"-mod=mod"}, Packages: []string{"."}},
		"go run -C=remote .":                    {Dir: "remote", Packages: []string{"."}},
		"go run main.go routes.go 8080":         {Packages: []string{"main.go", "routes.go"}, Args: []string{"8080"}},
		"go run -- ./remote -race":              {Packages: []string{"./remote"}, Args: []string{"-race"}},
		"go run -ldflags=-X=main.v=1 ./r":       {Flags: []string{"-ldflags=-X=main.v=1"}, Packages: []string{"./r"}},
		"go run -buildvcs ./r":                  {Flags: []string{"-buildvcs"}, Packages: []string{"./r"}},
		"go run ./a@b":                          {Packages: []string{"./a@b"}},
		"go run -gcflags -N ./r main.go":        {Flags: []string{"-gcflags=-N"}, Packages: []string{"./r"}, Args: []string{"main.go"}},
	} {
		got, ok := ParseGoRun(strings.Fields(command))
		if len(got.Args) == 0 {
			got.Args = nil
		}
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %t; want %+v", command, got, ok, want)
		}
	}
}

func TestParseGoRunRefusesOtherCommands(t *testing.T) {
	for _, command := range []string{
		"", "go", "go run", "go build ./remote", "air", "/usr/bin/go run ./remote", "env A=b go run ./remote",
		"go run -exec wrapper ./remote", "go run -n ./remote", "go run -work ./remote", "go run -unknown ./remote", "go run -race",
		"go run -tags", "go run -race -C remote .", "go run -C a -C b .", "go run ./...", "go run all", "go run main_test.go",
		"go run example.com/tool@latest", "go run --", "go run - ./remote", "go run --- ./remote", "go run -- -x",
	} {
		if got, ok := ParseGoRun(strings.Fields(command)); ok {
			t.Errorf("%s: %+v, want none", command, got)
		}
	}
}

func TestGoRunBuild(t *testing.T) {
	r, _ := ParseGoRun(strings.Fields("go run -C remote -race -tags a . serve"))
	if got, want := strings.Join(r.Build("/tmp/program"), " "), "go build -C remote -buildvcs=false -race -tags=a -o /tmp/program ."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
