package main

import "github.com/alecthomas/kong"

// helpCommand is the command help, because many people try it.
type helpCommand struct {
	Command string `arg:"" optional:"" help:"The command."`
}

// Run prints the help of a command, or of the program.
func (h *helpCommand) Run(app *kong.Kong) error {
	args := []string{"--help"}
	if h.Command != "" {
		args = []string{h.Command, "--help"}
	}
	_, err := app.Parse(args)
	return err
}
