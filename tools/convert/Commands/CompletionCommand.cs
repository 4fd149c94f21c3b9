using System.CommandLine;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert completion SHELL</c>: what a shell must be told to complete the tool's commands and options.</summary>
internal static class CompletionCommand
{
    /// <summary>Scripts that ask the tool itself, by the directive <c>[suggest:POSITION]</c> and the line typed so far; names of files are left to the shell.</summary>
    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", """
            _COMMAND_complete() {
              local line="${COMP_LINE#* }" position=$((COMP_POINT - ${#COMP_WORDS[0]} - 1))
              mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$position]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
            }
            complete -o default -F _COMMAND_complete COMMAND
            """),
        ("zsh", """
            _COMMAND_complete() {
              local -a found
              local line="${BUFFER#* }"
              found=("${(@f)$("${words[1]}" "[suggest:$((CURSOR - ${#words[1]} - 1))]" "$line" 2>/dev/null)}")
              compadd -a found
              _files
            }
            compdef _COMMAND_complete COMMAND
            """),
        ("fish", """
            function _COMMAND_complete
              set -l words (commandline -o)
              set -l line (string replace -r '^\S+\s?' '' -- (commandline -cp))
              $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c COMMAND -a '(_COMMAND_complete)'
            """),
        ("pwsh", """
            Register-ArgumentCompleter -Native -CommandName COMMAND -ScriptBlock {
              param($word, $line, $position)
              $name = "$($line.CommandElements[0])"
              & $name "[suggest:$($position - $name.Length - 1)]" "$line".Substring([Math]::Min($name.Length + 1, "$line".Length)) 2>$null |
                Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """),
    ];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "Whose script to print." };
        shell.AcceptOnlyFromAmong([.. Scripts.Select(s => s.Shell)]);
        var name = new Option<string>("--command") { Description = "The name the tool is called by.", DefaultValueFactory = _ => Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "convert" };
        var command = new Command("completion", "Print a script that makes a shell complete this tool's commands and options.") { shell, name };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Scripts.Single(s => s.Shell == parsed.GetValue(shell)).Script.Replace("COMMAND", parsed.GetValue(name), StringComparison.Ordinal));
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
