package main

import "github.com/alecthomas/kong"

// helpCommand is the command help, because many people try it.
type helpCommand struct {
	Command string `arg:"" optional:"" help:"The command."`
}

// AfterApply prints the help of a command, or of the program. It runs while the arguments are read, so that an unknown
// command is an error of the arguments.
func (h *helpCommand) AfterApply(app *kong.Kong) error {
	args := []string{"--help"}
	if h.Command != "" {
		args = []string{h.Command, "--help"}
	}
	_, err := app.Parse(args)
	return err
}

// Run does nothing more.
func (h *helpCommand) Run() error { return nil }
