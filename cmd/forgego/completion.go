package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCommand prints a script that makes a shell complete forgego's commands and flags.
type completionCommand struct {
	Shell string `arg:"" name:"bash|zsh|fish" enum:"bash,zsh,fish" help:"The shell."`
}

// Help returns the text that the command's --help prints after the first line.
func (completionCommand) Help() string {
	return "For bash, add to ~/.bashrc:  source <(forgego completion bash)\n\n" +
		"For zsh, add to ~/.zshrc, after compinit:  source <(forgego completion zsh)\n\n" +
		"For fish:  forgego completion fish > ~/.config/fish/completions/forgego.fish"
}

// Run prints the script.
func (s completionCommand) Run(c console) error {
	_, err := fmt.Fprint(c.out, completionScripts[s.Shell])
	return err
}

// completionScripts are the scripts. Each runs "forgego complete" with the words after the command, up to the one that is
// being typed. If it prints nothing, the shell completes the names of files.
var completionScripts = map[string]string{
	"bash": `_forgego() {
  local IFS=$'\n'
  COMPREPLY=($(forgego complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _forgego forgego
`,
	"zsh": `#compdef forgego
_forgego() {
  local -a found
  found=(${(f)"$(forgego complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then
    compadd -- $found
  else
    _files
  fi
}
compdef _forgego forgego
`,
	"fish": `function __forgego_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (forgego complete -- $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c forgego -f -a '(__forgego_complete)'
`,
}

// completeCommand prints what may stand in place of the last word. The scripts call it.
type completeCommand struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints the candidates, one a line.
func (s completeCommand) Run(c console, app *kong.Kong) error {
	words := s.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	for _, candidate := range candidates(app.Model, words) {
		fmt.Fprintln(c.out, candidate)
	}
	return nil
}

// candidates returns what may stand in place of the last word, sorted. If it returns nothing, a file may stand there.
func candidates(app *kong.Application, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	node, arguments := app.Node, 0
	var valueOf *kong.Flag // the flag whose value the next word is
	last := len(words) - 1
	for _, word := range words[:last] {
		switch {
		case word == "=": // bash has split --flag=value
		case valueOf != nil:
			valueOf = nil
		case strings.HasPrefix(word, "-"):
			name, _, hasValue := strings.Cut(word, "=")
			if f := flagOf(node, name); f != nil && !f.IsBool() && !hasValue {
				valueOf = f
			}
		default:
			if child := childOf(node, word); child != nil {
				node, arguments = child, 0
			} else {
				arguments++
			}
		}
	}
	word := words[last]
	if word == "=" {
		word = ""
	}
	var all []string
	switch name, _, hasValue := strings.Cut(word, "="); {
	case valueOf != nil:
		all = choices(valueOf.Value)
	case strings.HasPrefix(word, "-") && hasValue:
		if f := flagOf(node, name); f != nil {
			for _, choice := range choices(f.Value) {
				all = append(all, name+"="+choice)
			}
		}
	case strings.HasPrefix(word, "-"):
		all = flagsOf(node)
	case len(node.Children) > 0:
		all = commandsOf(node)
	case node.Name == "help" && arguments == 0:
		all = commandsOf(app.Node)
	case arguments < len(node.Positional):
		all = choices(node.Positional[arguments])
	}
	all = slices.DeleteFunc(all, func(candidate string) bool { return !strings.HasPrefix(candidate, word) })
	slices.Sort(all)
	return all
}

// choices returns the values that a flag or an argument accepts, if it has a list of them.
func choices(v *kong.Value) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(v.EnumMap())), func(choice string) bool { return choice == "" })
}

func childOf(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == name || slices.Contains(child.Aliases, name) {
			return child
		}
	}
	return nil
}

func commandsOf(node *kong.Node) (names []string) {
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	return names
}

// flagOf returns the flag of a command, or of the commands above it, that is written so.
func flagOf(node *kong.Node, written string) *kong.Flag {
	for ; node != nil; node = node.Parent {
		for _, f := range node.Flags {
			if written == "--"+f.Name || f.Short != 0 && written == "-"+string(f.Short) || slices.Contains(negated(f), written) {
				return f
			}
		}
	}
	return nil
}

// flagsOf returns the flags of a command and of the commands above it, as they are written.
func flagsOf(node *kong.Node) (names []string) {
	for ; node != nil; node = node.Parent {
		for _, f := range node.Flags {
			if !f.Hidden {
				names = append(append(names, "--"+f.Name), negated(f)...)
			}
		}
	}
	return names
}

// negated returns how a flag is switched off, if it can be.
func negated(f *kong.Flag) []string {
	if f.Tag.Negatable == "" {
		return nil
	}
	return []string{"--no-" + f.Name}
}
