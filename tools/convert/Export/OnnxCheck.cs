using KerasCompat.Convert.Output;
using KerasCompat.Convert.Surgery;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>Runs a written ONNX file and compares it with the model it was made of, or with what Keras computed.</summary>
internal static class OnnxCheck
{
    /// <summary>Differences found, one for each output of each call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="request">How it was written.</param>
    /// <param name="split">The cut behind which the file begins; null where it is the whole model.</param>
    /// <param name="work">Asks to stop between calls, and is told how far it has come; what ONNX Runtime has begun it finishes.</param>
    public static IReadOnlyList<ArrayComparison> Run(KerasModel model, string path, ExportRequest request, TextSplit? split = null, Work? work = null)
    {
        work ??= Work.Unwatched;
        using Progress bar = work.Begin($"check {Path.GetFileName(path)}");
        double part = ComputedTolerance.PartFor(model, request);
        var compared = new List<ArrayComparison>();
        using var run = new OnnxRun(split?.Numeric ?? model, path, request.Onnx.ChannelsFirstInputs);
        if (request.Vectors is not null)
        {
            using VectorsFile vectors = VectorsFile.Open(request.Vectors);
            foreach (VectorsCall call in vectors.Calls)
            {
                if (vectors.ForgetsStates)
                {
                    run.Reset();
                }

                Tensor[] got = Predict([.. call.Inputs.Select(i => i.Read())]);
                compared.AddRange(call.Outputs.Select((want, i) => ArrayComparison.Of(want.Name, got[i], want.Read(), ComputedTolerance.Of(want.Read(), part), want.Stride, want.FullShape)));
            }

            return compared;
        }

        foreach ((Tensor[] inputs, Tensor[] outputs) in new DrawnInputs(model, request.Onnx.FixedSizes, cancellation: work.Token).Calls(2))
        {
            run.Reset();
            Tensor[] got = Predict(inputs);
            compared.AddRange(outputs.Select((want, i) => ArrayComparison.Of($"{model.Outputs[i].Name} {want.Shape}", got[i], want, ComputedTolerance.Of(want, part))));
        }

        return compared;

        Tensor[] Predict(Tensor[] inputs)
        {
            Tensor[] outputs = run.Predict(split is null ? inputs : split.Prepare(inputs), work.Token);
            bar.Advance(1);
            return outputs;
        }
    }
}
