using System.Diagnostics;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>The suites with every set of kernels, each in a process of its own: the set is chosen when the process starts.</summary>
public class KernelSetTests
{
    public static TheoryData<string, string> Sets()
    {
        var data = new TheoryData<string, string>();
        foreach (string kernels in (string[])["scalar", "vector128", "avx2"])
        {
            foreach (string suite in (string[])["seeds", "real", "keras3-layers"])
            {
                data.Add(kernels, suite);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Suite_passes_with_other_kernels(string kernels, string suite)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(ExitCode).Assembly.Location, "verify", "--cases", Path.Combine(Fixtures.Root, suite)])
        {
            RedirectStandardOutput = true,
            Environment = { ["KERASCOMPAT_KERNELS"] = kernels },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains(" passed, 0 failed", output, StringComparison.Ordinal);
    }
}
