package main

import (
	"cmp"
	"fmt"
	"net"
	"strconv"

	"github.com/forgego/forgego/examples/custom-ui/remote/tasks"
)

// config is the configuration from the environment.
type config struct {
	tasks.Config
	database string
	addr     string
}

func newConfig(getenv func(string) string) (config, error) {
	shared, err := tasks.ReadConfig(getenv)
	if err != nil {
		return config{}, err
	}
	port := cmp.Or(getenv("PORT"), "8787")
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return config{}, fmt.Errorf("PORT is %q; set it to a number from 0 to 65535", port)
	}
	return config{
		Config:   shared,
		database: cmp.Or(getenv("TASKS_DB"), "tasks.db"),
		addr:     net.JoinHostPort(cmp.Or(getenv("HOST"), "127.0.0.1"), port),
	}, nil
}
