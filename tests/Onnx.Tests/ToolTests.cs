using System.Diagnostics;
using KerasCompat.OnnxRuntime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Onnx.Tests;

/// <summary>The tool as a process of its own: options, exit codes, machines without ONNX Runtime.</summary>
public class ToolTests
{
    private static readonly string Mlp = Fixtures.Path("containers", "keras-3.0.5/mlp.keras");

    [Fact]
    public void Without_ONNX_Runtime_the_file_is_written_and_the_reason_said() => WithFolder(folder =>
    {
        (Convert.ExitCode code, string text) = Run(folder, "/nowhere/libonnxruntime.so", Mlp, "net.onnx");
        Assert.Equal(Convert.ExitCode.Ok, code);
        Assert.Contains($"not verified: {OnnxRuntimeLibrary.PathVariable} names \"/nowhere/libonnxruntime.so\"", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "net.onnx")));
    });

    [Fact]
    public void Asked_to_verify_without_ONNX_Runtime_the_tool_leaves_no_file() => WithFolder(folder =>
    {
        (Convert.ExitCode code, string text) = Run(folder, "/nowhere/libonnxruntime.so", Mlp, "net.onnx", "--verify");
        Assert.Equal(Convert.ExitCode.Unsupported, code);
        Assert.Contains("/nowhere/libonnxruntime.so", text, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    });

    [OnnxRuntimeFact]
    public void All_formats_are_written_at_once_and_told_as_JSON() => WithFolder(folder =>
    {
        (Convert.ExitCode code, string text) = Run(folder, null, Mlp, "net.onnx", "net.safetensors", "net.npz", "net.json", "--json");
        Assert.Equal(Convert.ExitCode.Ok, code);
        var files = (JObject)JObject.Parse(text)["files"]!;
        Assert.Equal(Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal), files.Properties().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.True((bool)files["net.onnx"]!["verified"]!);
    });

    /// <summary>Every option at once gives a file that was run and carries its own check.</summary>
    [OnnxRuntimeFact]
    public void Options_go_together() => WithFolder(folder =>
    {
        string net = Fixtures.Path("keras3-graphs", "unet.keras");
        string[] options = ["--opset", "15", "--dtype", "float16", "--batch", "2", "--fix-shape", "input_layer=2,12,8,1", "--inputs-as-nchw", "--external-data", "--self-check", "2", "--verify"];
        (Convert.ExitCode code, string text) = Run(folder, null, [net, "net.onnx", .. options]);
        Assert.True(code == Convert.ExitCode.Ok, text);
        Assert.Equal(["net.onnx", "net.onnx.data"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (code, text) = Run(folder, null, "verify", "net.onnx");
        Assert.True(code == Convert.ExitCode.Ok, text);
    });

    [Theory]
    [InlineData("mlp", "net.onnx", "--opset", "12")]
    [InlineData("mlp", "net.onnx", "--fix-shape", "time=3")]
    [InlineData("mlp", "net.onnx", "--batch", "0")]
    [InlineData("mlp", "net.onnx", "--dtype", "int8")]
    [InlineData("mlp", "net.txt")]
    [InlineData("mlp", "net.onnx", "./net.onnx")]
    [InlineData("mlp")]
    public void What_cannot_be_asked_is_told_and_nothing_written(string net, params string[] arguments) => WithFolder(folder =>
    {
        (Convert.ExitCode code, string text) = Run(folder, null, [Fixtures.Path("containers", $"keras-3.0.5/{net}.keras"), .. arguments]);
        Assert.Equal(Convert.ExitCode.Usage, code);
        Assert.NotEmpty(text);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    });

    private static (Convert.ExitCode Code, string Text) Run(string folder, string? library, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "convert.dll"), .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (library is not null)
        {
            start.Environment[OnnxRuntimeLibrary.PathVariable] = library;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return ((Convert.ExitCode)process.ExitCode, text + error.Result);
    }

    private static void WithFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("tool").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
