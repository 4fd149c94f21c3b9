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
    [InlineData("keras3-graphs", 0.95)]
    [InlineData("keras3-layers", 0.95)]
    public void Suite_passes_on_the_device(string suite, double share)
    {
        OpenClDevice device = OpenClDevice.Devices[0];
        OpenClCounters counters = device.Context.Counters;
        (long onDevice, long onHost) = (counters.DeviceOps, counters.HostOps);
        Assert.Empty(CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).Run(device).Where(o => !o.Passes).Select(o => $"{o.Case}: {o.Text}"));
        (onDevice, onHost) = (counters.DeviceOps - onDevice, counters.HostOps - onHost);
        Assert.InRange((double)onDevice / (onDevice + onHost), share, 1);
    }

    /// <summary>CLBlast's products are as close to Keras's as our own.</summary>
    [ClBlastFact]
    public void Suite_passes_with_products_of_CLBlast()
    {
        var device = (OpenClDevice)Device.OpenCl(0, new OpenClOptions { Products = MatrixProducts.ClBlast });
        Assert.Empty(CaseSuite.Read(Path.Combine(Fixtures.Root, "real")).Run(device).Where(o => !o.Passes).Select(o => $"{o.Case}: {o.Text}"));
        string plan = Convert(ExitCode.Ok, "inspect", Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5"), "--stage", "plan", "--device", "opencl:0", "--products", "clblast");
        Assert.Contains("by CLBlast", plan, StringComparison.Ordinal);
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

    /// <summary>Every command takes the same names, and says the same of those that name nothing.</summary>
    [Theory]
    [InlineData("verify", "dl4j__12net.h5", "dl4j__12net.npz")]
    [InlineData("predict", "dl4j__12net.h5", "--input", "none.npy")]
    [InlineData("inspect", "dl4j__12net.h5", "--stage", "plan")]
    [InlineData("bench", "dl4j__12net.h5")]
    public void Commands_take_the_same_names(params string[] arguments)
    {
        string[] command = [.. arguments.Select(a => a.Contains('.', StringComparison.Ordinal) ? Fixtures.Path("real", a) : a)];
        foreach (string name in (string[])["cuda", "GPU", "opencl", "opencl:", "opencl:-1"])
        {
            Assert.Contains($"Device \"{name}\"; expected cpu, gpu, auto or opencl:N.", Convert(ExitCode.Usage, [.. command, "--device", name]), StringComparison.Ordinal);
        }

        Assert.Contains("opencl:99: found ", Convert(ExitCode.Unsupported, [.. command, "--device", "opencl:99"]), StringComparison.Ordinal);
        Assert.Contains("--storage is for OpenCL devices; \"cpu\" is the CPU here", Convert(ExitCode.Usage, [.. command, "--storage", "float16"]), StringComparison.Ordinal);
    }

    /// <summary>Rounded weights never pass for the weights of the file.</summary>
    [OpenClFact]
    public void Float16_storage_is_a_difference_that_is_told()
    {
        string[] command = ["verify", Fixtures.Path("real", "dl4j__12net.h5"), Fixtures.Path("real", "dl4j__12net.npz"), "--device", "opencl:0", "--storage", "float16"];
        Assert.Contains("DIFFERENT NUMBERS", Convert(ExitCode.Mismatch, command), StringComparison.Ordinal);
        Assert.Contains("same numbers", Convert(ExitCode.Ok, [.. command, "--atol", "1e-3"]), StringComparison.Ordinal);
    }

    /// <summary>A device that would not be used is not taken silently.</summary>
    [OpenClFact]
    public void A_device_that_has_nothing_to_do_is_refused() =>
        Assert.Contains("Leave one of the two out", Convert(ExitCode.Usage, ["verify", "--cases", Path.Combine(Fixtures.Root, "seeds"), "--through", "safetensors", "--device", "opencl:0"]), StringComparison.Ordinal);

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

    /// <summary>CLBlast is asked for by name or not needed.</summary>
    [OpenClFact]
    public void Says_that_there_is_no_CLBlast()
    {
        string[] command = ["verify", Fixtures.Path("real", "dl4j__12net.h5"), Fixtures.Path("real", "dl4j__12net.npz"), "--device", "opencl:0", "--products"];
        (string, string)[] nowhere = [(ClBlastLibrary.PathVariable, "/nowhere/libclblast.so")];
        (ExitCode exit, _, string errors) = Tool.Run(nowhere, [.. command, "clblast"]);
        Assert.Equal(ExitCode.Unsupported, exit);
        Assert.Contains("CLBlast: found no CLBlast library (/nowhere/libclblast.so)", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Tool.Run(nowhere, [.. command, "fastest"]).Exit);
    }

    private static string Convert(ExitCode expected, params string[] arguments) => Convert(expected, null, arguments);

    /// <summary>Runs the tool in a process of its own.</summary>
    /// <param name="expected">The exit code.</param>
    /// <param name="library">The file of the OpenCL library; null for the system's.</param>
    /// <param name="arguments">The arguments.</param>
    private static string Convert(ExitCode expected, string? library, string[] arguments)
    {
        (ExitCode exit, string printed, string errors) = Tool.Run(library is null ? [] : [(OpenClLibrary.PathVariable, library)], arguments);
        string output = printed + errors;
        Assert.True(exit == expected, output);
        return output;
    }
}
