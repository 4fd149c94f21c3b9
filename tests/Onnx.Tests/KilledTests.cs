using System.Diagnostics;
using KerasCompat.Testing;

namespace KerasCompat.Onnx.Tests;

/// <summary>A file written is complete or absent, whenever the tool is killed.</summary>
public class KilledTests
{
    [Fact]
    public void A_killed_tool_leaves_whole_files_or_none() => TemporaryFolder.Use(folder =>
    {
        string[] outputs = [.. new[] { "net.onnx", "net.safetensors", "net.npz", "net.onnx.data" }.Select(n => Path.Combine(folder, n))];
        long[]? whole = null;
        for (int wait = 2000; wait > 0 && (whole is null || wait > 40); wait = whole is null ? 20_000 : wait - 170)
        {
            Run(wait, outputs);
            long[] sizes = [.. outputs.Select(o => File.Exists(o) ? new FileInfo(o).Length : -1)];
            whole ??= sizes.All(s => s > 0) ? sizes : null;
            Assert.All(outputs.Index(), o => Assert.True(!File.Exists(o.Item) || whole is null || new FileInfo(o.Item).Length == whole[o.Index], o.Item));
            Array.ForEach(outputs, File.Delete);
        }

        Assert.NotNull(whole);
    });

    private static void Run(int milliseconds, string[] outputs)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "convert.dll");
        var start = new ProcessStartInfo("dotnet", [tool, Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.keras"), "--external-data", .. outputs.Where(o => !o.EndsWith(".data", StringComparison.Ordinal))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A process leaves its pipes for debuggers behind when it is killed.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        using Process process = Process.Start(start)!;
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
