// The completion script per shell: each only asks `vpcctl __complete` and hands its answer on.
import { fileMarker } from "./candidates.ts";

const bash = `# bash completion for vpcctl. For this shell: eval "$(vpcctl completion bash)"
_vpcctl() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${fileMarker} ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
    else
      COMPREPLY+=("$line")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _vpcctl vpcctl vpcctl.sh
`;

const zsh = `#compdef vpcctl vpcctl.sh
# zsh completion for vpcctl. For this shell: eval "$(vpcctl completion zsh)"
_vpcctl() {
  local -a lines
  lines=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ \${lines[1]} == ${fileMarker} ]]; then
    _files
  else
    compadd -- "\${(@)lines:#}"
  fi
}
if [[ \${funcstack[1]} == _vpcctl ]]; then
  # Loaded from fpath: this very file is the function.
  _vpcctl
else
  compdef _vpcctl vpcctl vpcctl.sh
fi
`;

const fish = `# fish completion for vpcctl. For this shell: vpcctl completion fish | source
function __vpcctl_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ${fileMarker}
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c vpcctl -f -a "(__vpcctl_complete)"
complete -c vpcctl.sh -f -a "(__vpcctl_complete)"
`;

export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish };
