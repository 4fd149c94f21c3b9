using System.Reflection;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>What users may call, pinned as text: a change of it shows in a review as a change of these files.</summary>
/// <remarks><c>KERASCOMPAT_WRITE_API=1</c> writes the files anew.</remarks>
public class PublicApiTests
{
    private static readonly Assembly[] Shipped =
    [
        typeof(KerasCompatException).Assembly,
        typeof(Hdf5.Hdf5File).Assembly,
        typeof(KerasModel).Assembly,
        typeof(Onnx.OnnxExporter).Assembly,
        typeof(Tensor).Assembly,
        typeof(Zip.ZipReader).Assembly,
    ];

    public static TheoryData<string> Assemblies => [.. Shipped.Select(a => a.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Surface_is_the_pinned_one(string assembly)
    {
        string path = Path.Combine(Fixtures.Repository, "tests", "Shipping.Tests", "PublicApi", assembly + ".txt");
        string surface = PublicSurface.Of(Shipped.Single(a => a.GetName().Name == assembly));
        if (Environment.GetEnvironmentVariable("KERASCOMPAT_WRITE_API") == "1")
        {
            File.WriteAllText(path, surface);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), surface);
    }
}
