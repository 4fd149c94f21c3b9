using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>Compiled kernels are kept on disk and found again.</summary>
[Collection("OpenCL")]
public class KernelCacheTests
{
    [Fact]
    public void CompiledKernelsAreKeptByDeviceAndSource()
    {
        using var folder = new TemporaryFolder();
        string directory = folder.File("kernels");
        var cache = new KernelCache("a device", directory);
        cache.Write("a kernel", () => [1, 2, 3]);
        Assert.Equal([1, 2, 3], new KernelCache("a device", directory).TryRead("a kernel"));
        Assert.Null(cache.TryRead("another kernel"));
        Assert.Null(new KernelCache("another device", directory).TryRead("a kernel"));
        Assert.Single(Directory.GetFiles(directory));
    }

    [OpenClFact]
    public void AnotherProcessFindsTheKernelsOfTheFirst()
    {
        using var folder = new TemporaryFolder();
        string directory = folder.File("kernels");
        Tensor<float> input = Random(1, 4, 40);
        Graph graph = Build([input], (g, x) => g.Softmax(g.MatMul(x[0], Weight(g, 2, 40, 10)), -1));
        float[] first = Run();
        DateTime[] written = Written();
        Assert.NotEmpty(written);
        Assert.Equal(first, Run());
        Assert.Equal(written, Written());

        // What a driver does not take is compiled again.
        foreach (string file in Directory.GetFiles(directory))
        {
            File.WriteAllText(file, "no kernel");
        }

        Assert.Equal(first, Run());
        Assert.All(Directory.GetFiles(directory), file => Assert.NotEqual("no kernel", File.ReadAllText(file)));

        float[] Run()
        {
            OpenClDevice device = OpenClDevice.Devices[0];
            using var executable = new OpenClExecutable(graph, device.NewContext(device.Properties, directory));
            return executable.Run([input])[0].As<float>().ToArray();
        }

        DateTime[] Written() => [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(File.GetLastWriteTimeUtc)];
    }
}
