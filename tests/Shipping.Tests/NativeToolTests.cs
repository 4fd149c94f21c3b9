using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>The tool compiled ahead of time, where the machine has a linker.</summary>
public sealed class NativeToolTests(NativeTool tool) : IClassFixture<NativeTool>
{
    [ProgramTheory("clang", "gcc")]
    [InlineData("seeds-imdb-keras-3.15.1", "keras")]
    [InlineData("seeds-embedding-keras-2.3.1", "h5")]
    public void Native_tool_compiles_without_a_warning_and_verifies(string name, string extension)
    {
        (int exit, string output) = Processes.Run(Fixtures.Root, tool.Command, ["verify", $"seeds/{name}.{extension}", $"seeds/{name}.npz"]);
        Assert.True(exit == 0, output);
        Assert.Contains("same numbers", output, StringComparison.Ordinal);
    }

    /// <summary>Trimming leaves out what no code reaches; what only the file decides – layers, lowerings, readers – must all be reached.</summary>
    [ProgramTheory("clang", "gcc")]
    [InlineData("containers")]
    [InlineData("refuse")]
    public void Native_tool_passes_a_suite(string suite)
    {
        (int exit, string output) = Processes.Run(Fixtures.Root, tool.Command, ["verify", "--cases", suite]);
        Assert.True(exit == 0, output);
        Assert.Contains(" passed, 0 failed", output, StringComparison.Ordinal);
    }
}
