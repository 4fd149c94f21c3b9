using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests;

/// <summary>The capture script of the regression kit is the one that wrote the fixtures.</summary>
public class CaptureScriptTests
{
    [Fact]
    public void Kit_and_fixtures_have_the_same_script() =>
        Assert.Equal(File.ReadAllText(Fixtures.Path("generate", "keras_vectors.py")), File.ReadAllText(Path.Combine(Fixtures.Repository, "tools", "capture", "keras_vectors.py")));
}
