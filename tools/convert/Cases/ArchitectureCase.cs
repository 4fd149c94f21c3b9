using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A network without stored weights: both sides fill weights and inputs by <see cref="ArchitectureFormula"/>.</summary>
internal static class ArchitectureCase
{
    public static CaseOutcome Run(FixtureCase test, Npz vectors, JObject manifest, Device device, CancellationToken cancellation)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        using KerasModel model = KerasModel.LoadArchitecture(file, new LoadOptions { Device = device, CancellationToken = cancellation });
        int[][] shapes = [.. ((JArray)manifest["weights"]!).Select(w => w.Select(d => (int)d).ToArray())];
        if (!shapes.Select(s => new Shape(s)).SequenceEqual(model.Weights.Select(w => w.Shape)))
        {
            int at = Enumerable.Range(0, Math.Min(shapes.Length, model.Weights.Count)).FirstOrDefault(i => new Shape(shapes[i]) != model.Weights[i].Shape, Math.Min(shapes.Length, model.Weights.Count));
            string found = at < model.Weights.Count ? model.Weights[at].ToString() : "nothing";
            return new CaseOutcome(test.Name, false, $"weight {at} of {model.Weights.Count} (Keras has {shapes.Length}): found {found}; expected ({(at < shapes.Length ? string.Join(", ", shapes[at]) : "nothing")})");
        }

        model.FillWeights((i, w) => ArchitectureFormula.Weight(i, w.Name, w.Shape));
        Tensor[] inputs = [.. ((JArray)manifest["inputs"]!).Select((s, k) => ArchitectureFormula.Input(k, new Shape([.. s.Select(d => (int)d)]), Vocabulary(model, model.Inputs[k].Name)))];
        ArrayComparison output = ArrayComparison.Of(model.Outputs[0].Name, model.Predict(inputs, cancellation)[0], vectors["out"], test.Tolerance);
        return CaseRunner.Compared(test, [output], output.Passes ? null : FirstDivergence(model.Activations(inputs, cancellation), vectors["layers"].Cast(DType.Float64).As<double>(), manifest));
    }

    /// <summary>The model with weights filled by the formula, and the inputs of the formula.</summary>
    public static (KerasModel Model, Tensor[] Inputs) Fill(FixtureCase test, JObject manifest)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        KerasModel model = KerasModel.LoadArchitecture(file);
        model.FillWeights((i, w) => ArchitectureFormula.Weight(i, w.Name, w.Shape));
        return (model, [.. ((JArray)manifest["inputs"]!).Select((s, k) => ArchitectureFormula.Input(k, new Shape([.. s.Select(d => (int)d)]), Vocabulary(model, model.Inputs[k].Name)))]);
    }

    /// <summary>The vocabulary of the Embedding that an input feeds, or null.</summary>
    private static int? Vocabulary(KerasModel model, string input) => model.Layers
        .Where(l => l.ClassName == "Embedding" && (model.Inputs.Count == 1 || Reads(l, input)))
        .Select(l => (int?)l.Config.Int("input_dim"))
        .FirstOrDefault();

    private static bool Reads(Layer layer, string input) =>
        layer.Config.Json.SelectTokens("inbound_nodes..keras_history").Any(h => (string?)h[0] == input);

    private static string? FirstDivergence(IReadOnlyList<LayerActivation> activations, Tensor<double> statistics, JObject manifest)
    {
        int row = 0;
        foreach (JToken layer in (JArray)manifest["layers"]!)
        {
            double wantMean = statistics[row, 0], wantSquare = statistics[row, 1];
            row++;
            if (activations.FirstOrDefault(a => a.Layer == (string?)layer["name"]) is not { } activation)
            {
                continue;
            }

            double[] values = activation.Value.Cast(DType.Float64).As<double>().ToArray();
            double mean = values.Average(), square = values.Average(v => v * v);
            if (Math.Abs(square - wantSquare) > 1e-3 * Math.Max(wantSquare, 1e-6) || Math.Abs(mean - wantMean) > 1e-3 * Math.Sqrt(Math.Max(wantSquare, 1e-12)))
            {
                return $"first diverging layer: {activation.Layer} ({activation.ClassName}) {activation.Value.Shape}: mean {mean:g6} and mean square {square:g6}; expected {wantMean:g6} and {wantSquare:g6}";
            }
        }

        return null;
    }
}
