using System.Diagnostics;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Data;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>The suites on the first OpenCL device, and the option <c>--device</c>.</summary>
public class DeviceTests
{
    /// <summary>Every case passes, and no more than a given part of its operators was left to the CPU.</summary>
    [OpenClTheory]
    [InlineData("seeds", 1)]
    [InlineData("real", 0.95)]
    [InlineData("architectures", 0.95)]
    [InlineData("keras3-graphs", 0.9)]
    public void Suite_passes_on_the_device(string suite, double share)
    {
        OpenClDevice device = OpenClDevice.Devices[0];
        OpenClCounters counters = device.Context.Counters;
        (long onDevice, long onHost) = (counters.DeviceOps, counters.HostOps);
        Assert.Empty(CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).Run(device).Where(o => !o.Passes).Select(o => $"{o.Case}: {o.Text}"));
        (onDevice, onHost) = (counters.DeviceOps - onDevice, counters.HostOps - onHost);
        Assert.InRange((double)onDevice / (onDevice + onHost), share, 1);
    }

    [OpenClFact]
    public void Predicts_and_verifies_on_the_device_it_is_told()
    {
        string model = Fixtures.Path("real", "dl4j__12net.h5"), vectors = Fixtures.Path("real", "dl4j__12net.npz");
        Assert.Contains("same numbers", Convert(ExitCode.Ok, "verify", model, vectors, "--device", "opencl:0"), StringComparison.Ordinal);
        string plan = Convert(ExitCode.Ok, "inspect", model, "--stage", "plan", "--shape", "1", "24", "24", "--device", "gpu");
        Assert.Contains("device     ", plan, StringComparison.Ordinal);
        Assert.Contains("0 on the CPU", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_the_devices_and_refuses_others_by_name()
    {
        Assert.Contains("cpu ", Convert(ExitCode.Ok, "devices"), StringComparison.Ordinal);
        Assert.Same(Device.Cpu, DeviceName.Parse("cpu"));
        Assert.Same(Device.Auto, DeviceName.Parse("auto"));
        Assert.Contains("opencl:99", Assert.Throws<UnsupportedModelException>(() => DeviceName.Parse("opencl:99")).Message, StringComparison.Ordinal);
        Assert.Contains("\"cuda\"", Assert.Throws<ArgumentException>(() => DeviceName.Parse("cuda")).Message, StringComparison.Ordinal);
    }

    /// <summary>Without an OpenCL library there is one clear message, and <c>auto</c> is the CPU.</summary>
    [Fact]
    public void Says_that_there_is_no_library()
    {
        string model = Fixtures.Path("real", "dl4j__12net.h5"), vectors = Fixtures.Path("real", "dl4j__12net.npz");
        const string library = "/nowhere/libOpenCL.so", reason = $"no OpenCL library ({library})";
        Assert.Contains(reason, Convert(ExitCode.Ok, library, ["devices"]), StringComparison.Ordinal);
        Assert.Contains(reason, Convert(ExitCode.Unsupported, library, ["verify", model, vectors, "--device", "gpu"]), StringComparison.Ordinal);
        Assert.Contains("same numbers", Convert(ExitCode.Ok, library, ["verify", model, vectors, "--device", "auto"]), StringComparison.Ordinal);
    }

    private static string Convert(ExitCode expected, params string[] arguments) => Convert(expected, null, arguments);

    /// <summary>Runs the tool in a process of its own.</summary>
    /// <param name="expected">The exit code.</param>
    /// <param name="library">The file of the OpenCL library; null for the system's.</param>
    /// <param name="arguments">The arguments.</param>
    private static string Convert(ExitCode expected, string? library, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(ExitCode).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (library is not null)
        {
            start.Environment[OpenClLibrary.PathVariable] = library;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == (int)expected, output);
        return output;
    }
}
