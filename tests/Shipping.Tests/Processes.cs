using System.Diagnostics;

namespace KerasCompat.Shipping.Tests;

/// <summary>Runs programs as a user's shell would.</summary>
internal static class Processes
{
    /// <summary>How the repository was built, so that what is packed and run is what the build left.</summary>
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The folder where restored packages lie.</summary>
    public static string PackageFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The <c>dotnet</c> that runs this test.</summary>
    public static string DotnetPath { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts a program whose output the caller reads.</summary>
    public static Process Start(string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What a test host sets for itself is not for the programs it starts.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), .. environment])
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a program to its end. Returns its exit status and what it printed to either stream.</summary>
    /// <exception cref="TimeoutException">It took too long; it is ended.</exception>
    public static (int Exit, string Output) Run(string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Start(folder, program, arguments, environment);
        var output = new System.Text.StringBuilder();
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end: {output}");
        }

        process.WaitForExit();
        return (process.ExitCode, output.ToString());
    }

    /// <summary>Runs <c>dotnet</c> and expects it to succeed.</summary>
    public static string Dotnet(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        (int exit, string output) = Run(folder, DotnetPath, arguments, environment);
        Assert.True(exit == 0, $"dotnet {string.Join(' ', arguments)} ended with {exit}: {output}");
        return output;
    }
}
