// For node:child_process in commander, which loads it for subcommands that are programs: none of ours is.
module.exports = {}
