using KerasCompat.Convert.Cases;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Tests;

/// <summary><c>GetWeights</c> against the <c>get_weights()</c> that Keras gave: number, order, shapes and values.</summary>
public class WeightOrderTests
{
    /// <summary>Files whose variables are not those of the model that Keras had in memory, and why.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["keras-2.15.0-call-arguments"] = "the call moved the statistics that the vectors hold",
        ["keras-2.15.0-nested-deep"] = "tf.keras puts trainable weights of nested models first",
        ["keras-2.15.0-shared-objects"] = "the file does not say that two layers are one",
        ["sublayer_as_layer"] = "the file does not say that two layers are one",
    };

    /// <summary>Keras 3 and tf.keras: Keras 1 and 2 keep weights in layouts of their own, which loading converts.</summary>
    public static TheoryData<string, string> Cases() => SuiteCases.Passing(c => c.Expect == "same" && c.Vectors is not null && c.Model is not null
        && !c.Model.EndsWith(".json.gz", StringComparison.Ordinal)
        && (c.KerasVersion.StartsWith("3.", StringComparison.Ordinal) || c.KerasVersion.StartsWith("2.1", StringComparison.Ordinal))
        && !Others.ContainsKey(c.Name)
        && !c.Name.Contains("lora", StringComparison.Ordinal) // Keras stores the kernel with the low-rank product merged in
        && !(c.Name.Contains("spectral", StringComparison.Ordinal) && c.KerasVersion.StartsWith('2')) // trainable weights of all inner layers first
        && !c.Name.Contains("imdb-fit", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_are_those_of_Keras(string suite, string name)
    {
        FixtureCase test = SuiteCases.Find(suite, name);
        using VectorsFile vectors = VectorsFile.Open(test.Vectors!);
        if (vectors.Weights.Count == 0)
        {
            return;
        }

        using KerasModel model = CaseRunner.Load(test);
        Tensor[] found = model.GetWeights();
        Assert.Equal(vectors.Weights.Select(w => $"{w.Name} {w.Read().Shape}"), found.Zip(vectors.Weights, (f, w) => $"{w.Name} {f.Shape}"));
        for (int i = 0; i < found.Length; i++)
        {
            var comparison = ArrayComparison.Of(vectors.Weights[i].Name, found[i], vectors.Weights[i].Read(), new Tolerance(1e-6, 1e-6));
            Assert.True(comparison.Passes, comparison.ToString());
        }
    }
}
