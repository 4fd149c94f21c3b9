using System.Runtime.InteropServices;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>
/// The tool compiled ahead of time into a folder of its own. Warnings of the trimmer and of the compiler end the publishing, as all warnings do.
/// </summary>
public sealed class NativeTool : IDisposable
{
    /// <summary>With what .NET 10's native programs are linked. A feed may have the compiler and lack this.</summary>
    private const string Runtime = "Microsoft.NETCore.App.Runtime.NativeAOT";

    private readonly string _folder = Directory.CreateTempSubdirectory("kerascompat-native-").FullName;
    private readonly Lazy<string> _command;

    /// <summary>Publishes nothing yet.</summary>
    public NativeTool() => _command = new Lazy<string>(() => Publish());

    /// <summary>The native program, published at the first use.</summary>
    public string Command => _command.Value;

    private string Publish(params string[] options)
    {
        string[] arguments =
        [
            "publish", "tools/convert", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true",
            "--artifacts-path", Path.Combine(_folder, "artifacts"), "-o", Path.Combine(_folder, "tool"), .. options,
        ];
        (int exit, string output) = Processes.Run(Fixtures.Repository, Processes.DotnetPath, arguments);
        if (exit != 0 && options is [] && output.Contains($"NU1101: Unable to find package {Runtime}", StringComparison.Ordinal))
        {
            return Publish("-p:KerasCompatFramework=net9.0");
        }

        Assert.True(exit == 0, $"dotnet {string.Join(' ', arguments)} ended with {exit}: {output}");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return Path.Combine(_folder, "tool", OperatingSystem.IsWindows() ? "convert.exe" : "convert");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
