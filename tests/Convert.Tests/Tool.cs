using System.Diagnostics;

namespace KerasCompat.Convert.Tests;

/// <summary>The tool as a process of its own: tests in one process share their console and what was loaded into it.</summary>
internal static class Tool
{
    /// <summary>Runs the tool to its end.</summary>
    public static (ExitCode Exit, string Output, string Errors) Run(params string[] arguments) => Run([], arguments);

    /// <summary>Runs the tool to its end, with variables in its environment.</summary>
    public static (ExitCode Exit, string Output, string Errors) Run((string Name, string Value)[] variables, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(ExitCode).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return ((ExitCode)process.ExitCode, output, errors.Result);
    }
}
