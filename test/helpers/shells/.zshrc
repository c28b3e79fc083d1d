# ^A puts all completions of a line into it, ^B shows the line and empties it.
autoload -U compinit && compinit -D -u
source $COMPLETION_SCRIPT
zstyle ':completion:all:*' completer _all_matches _complete
zstyle ':completion:all:*' insert yes
zle -C all complete-word _generic && bindkey '^A' all
show() { print -r -- "<<<$BUFFER>>>"; BUFFER= }
zle -N show && bindkey '^B' show
LISTMAX=1000
PROMPT=READY
