using System.Diagnostics;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>What goes wrong around the tool: a full disk, another process, a kill. No file has its final name before it is whole.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly string Model = Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.keras");

    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "convert.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file system of 8 kB, mounted for the tool alone.</summary>
    [MountTheory]
    [InlineData("net.onnx")]
    [InlineData("net.safetensors")]
    [InlineData("net.npz")]
    [InlineData("rows.csv")]
    [InlineData("rows.json")]
    [InlineData("rows.npy")]
    [InlineData("page.html")]
    public void A_full_disk_leaves_the_old_file_and_nothing_else(string name)
    {
        string disk = _folder.File("disk"), output = Path.Combine(disk, name);
        string[] command = Command(output);
        Directory.CreateDirectory(disk);
        string script = $"mount -t tmpfs -o size=8k none '{disk}' && echo old > '{output}' && dotnet \"$0\" \"$@\" > /dev/null; code=$?; ls -A '{disk}'; cat '{output}'; exit $code";
        using Process tool = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "/bin/bash", "-c", script, Dll, .. command]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string said = tool.StandardError.ReadToEnd(), left = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.Matches("No space left|disk was full", said);
        Assert.Equal($"{name}\nold\n", left);
        Assert.Equal((int)ExitCode.BadFile, tool.ExitCode);
    }

    /// <summary>Of several writers one wins, and the file is one writer's whole.</summary>
    [Theory]
    [InlineData("net.onnx")]
    [InlineData("net.safetensors")]
    [InlineData("rows.csv")]
    public void Two_processes_may_write_one_file(string name)
    {
        string output = _folder.File(name);
        string[] command = Command(output), before = [.. Names(), output];
        Assert.Equal(0, Ended(Start(command)));
        byte[] whole = File.ReadAllBytes(output);
        Process[] writers = [.. Enumerable.Range(0, 3).Select(_ => Start(command))];
        while (writers.Any(w => !w.HasExited))
        {
            Assert.Equal(whole, File.ReadAllBytes(output));
        }

        Assert.All(writers, w => Assert.Equal(0, w.ExitCode));
        Assert.Equal(whole, File.ReadAllBytes(output));
        Assert.Equal(before, Names());
    }

    /// <summary>Ctrl+C and SIGTERM stop the work, which takes its unfinished files away.</summary>
    [SignalTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_stops_the_work_without_a_trace(string signal)
    {
        string output = _folder.File("rows.csv");
        string[] command = Command(output, rows: 20_000), before = Names();
        using Process process = Start(command);
        while (!process.HasExited && !Directory.EnumerateFiles(_folder.Path, "*.part").Any(f => new FileInfo(f).Length > 0))
        {
            Thread.Sleep(5);
        }

        Assert.False(process.HasExited);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        process.WaitForExit();
        Assert.Equal((int)ExitCode.Stopped, process.ExitCode);
        Assert.Contains("nothing was written", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(before, Names());
    }

    /// <summary>A process that is killed has no time to clean up; what it leaves has another name.</summary>
    [Fact]
    public void A_killed_process_leaves_no_half_file_by_the_final_name()
    {
        string output = _folder.File("rows.csv");
        using Process process = Start(Command(output, rows: 20_000));
        while (!process.HasExited && !Directory.EnumerateFiles(_folder.Path, "*.part").Any(f => new FileInfo(f).Length > 0))
        {
            Thread.Sleep(5);
        }

        process.Kill();
        process.WaitForExit();
        Assert.False(File.Exists(output));
        Assert.Contains(Directory.EnumerateFiles(_folder.Path), f => f.EndsWith(".part", StringComparison.Ordinal));
    }

    /// <summary>The command that writes a file of this name: an export, a report, or a prediction for drawn rows.</summary>
    private string[] Command(string output, int rows = 2000)
    {
        string name = Path.GetFileName(output);
        if (name.StartsWith("net", StringComparison.Ordinal))
        {
            return [Model, output, "--no-verify"];
        }

        if (name.StartsWith("page", StringComparison.Ordinal))
        {
            return ["report", Model, "-o", output];
        }

        string input = _folder.File("input.npy");
        if (!File.Exists(input))
        {
            using KerasModel model = KerasModel.Load(Model);
            int length = model.Inputs[0].Type.Shape[1].ValueOrNull ?? 3;
            Npy.Write(input, new Tensor<float>(Enumerable.Range(0, rows * length).Select(i => (float)(i * 7919L % 5000)).ToArray(), new Shape([rows, length])));
        }

        return ["predict", Model, "--input", input, "--output", output, "--batch", "8"];
    }

    private static int Ended(Process process)
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)];

    /// <summary>Starts the tool, without the pipes for debuggers that a process leaves behind when it is killed.</summary>
    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo("dotnet", [Dll, .. command]) { RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["DOTNET_EnableDiagnostics"] = "0" } })!;
}
