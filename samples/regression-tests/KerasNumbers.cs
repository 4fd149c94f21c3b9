using KerasCompat;
using KerasCompat.Verification;

namespace Samples.RegressionTests;

/// <summary>Every model that this program ships gives the numbers that Keras gave for it: one line a model.</summary>
public class KerasNumbers
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "models");

    [Theory]
    [InlineData("seeds-imdb-keras-2.3.1.h5", "seeds-imdb-keras-2.3.1.npz")]
    [InlineData("dl4j__12net.h5", "dl4j__12net.npz")]
    [InlineData("seeds-embedding-keras-3.15.1.keras", "seeds-embedding-keras-3.15.1.npz", 0, 0)] // only looks numbers up: the same bits
    public void Are_those_of_Keras(string model, string vectors, double atol = 1e-5, double rtol = 1e-5)
    {
        using KerasModel loaded = KerasModel.Load(Path.Combine(Models, model));
        VerificationReport report = loaded.Verify(Path.Combine(Models, vectors), new Tolerance(atol, rtol));
        Assert.True(report.Passes, report.ToString());
    }
}
