using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>What <c>convert completion</c> prints, tried in the shell it is for.</summary>
public class CompletionTests
{
    private static readonly string Tool = Path.Combine(AppContext.BaseDirectory, "convert.dll");

    [ProgramTheory("bash")]
    [InlineData("convert ver", "verify")]
    [InlineData("convert verify --at", "--atol")]
    [InlineData("convert verify model.h5 --through ", "cpu onnx safetensors")]
    [InlineData("convert inspect --stage gr", "graph")]
    [InlineData("convert bench model.h5 --ag", "--against")]
    [InlineData("convert bench model.h5 --storage ", "float16 float32")]
    [InlineData("convert predict model.h5 --products ", "clblast fastest own")]
    public void Bash_completes(string typed, string expected)
    {
        string script = $$"""
            convert() { "{{Processes.DotnetPath}}" "{{Tool}}" "$@"; }
            eval "$(convert completion bash --command convert)"
            COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}}
            COMP_WORDS=({{typed}}{{(typed.EndsWith(' ') ? " ''" : string.Empty)}})
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _convert_complete
            echo "${COMPREPLY[*]}"
            """;
        (int exit, string output) = Processes.Run(Fixtures.Repository, "bash", ["--norc", "-c", script]);
        Assert.Equal(0, exit);
        Assert.Equal(expected, output.Trim());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Script_names_the_command_it_is_for(string shell)
    {
        string output = Processes.Dotnet(Fixtures.Repository, [Tool, "completion", shell, "--command", "keras-convert"]);
        Assert.Contains("keras-convert", output, StringComparison.Ordinal);
        Assert.DoesNotContain("COMMAND", output, StringComparison.Ordinal);
    }
}
