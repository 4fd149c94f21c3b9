using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Cases;

/// <summary>
/// A file saved before a training run, with the weights before and after it: the weights of the file are those before, and with
/// those after it predicts what Keras predicted then. The run itself is the suite end_to_end's matter.
/// </summary>
internal static class TrainingRunCase
{
    public static CaseOutcome Run(FixtureCase test, Npz vectors)
    {
        using KerasModel model = CaseRunner.Load(test);
        var comparisons = new List<ArrayComparison>();
        Tensor[] before = model.GetWeights();
        for (int i = 0; i < before.Length; i++)
        {
            comparisons.Add(ArrayComparison.Of($"before{i}", before[i], vectors[$"before{i}"], new Tolerance(0, 0)));
        }

        model.SetWeights([.. before.Select((_, i) => vectors[$"after{i}"])]);
        Tensor wanted = vectors["predicted"];
        Tensor<float> x = vectors["x"].Cast(DType.Float32).As<float>();
        int rows = wanted.Shape[0], width = x.Length / x.Shape[0];
        var first = new Tensor<float>(x.Memory[..(rows * width)], new Shape([rows, .. x.Shape.Dims[1..]]));
        comparisons.Add(ArrayComparison.Of("predicted", model.Predict(first), wanted, test.Tolerance));
        return CaseRunner.Compared(test, comparisons);
    }
}
