using KerasCompat.Containers;
using KerasCompat.Convert.Export;
using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A case whose model is written as ONNX and run by ONNX Runtime.</summary>
internal static class OnnxCase
{
    private const string FailsAnyway = "fails without ONNX too";

    /// <summary>True for cases that a model and what it computed make up; the others say nothing about ONNX.</summary>
    public static bool Concerns(FixtureCase test) => test is { Expect: "same", Model: not null, Vectors: not null };

    /// <summary>Runs a case; where it fails on this library's own executor too, the outcome says that ONNX is not to blame.</summary>
    public static CaseOutcome Run(FixtureCase test, OnnxExportOptions? options)
    {
        CaseOutcome outcome = RunInOnnxRuntime(test, options);
        return outcome.Passes || CaseRunner.Run(test, cancellation: Token(options)).Passes ? outcome : outcome with { Text = $"{FailsAnyway}: {outcome.Text}" };
    }

    private static CaseOutcome RunInOnnxRuntime(FixtureCase test, OnnxExportOptions? options)
    {
        try
        {
            using Npz vectors = Npz.Open(test.Vectors!);
            return !vectors.TryRead("manifest", out Tensor? manifest) ? Trained(test, vectors, options)
                : vectors.Names.Contains("out") ? Architecture(test, vectors, manifest, options)
                : Replay(test, options);
        }
        catch (Exception e) when (e is KerasCompatException or OnnxRuntimeException or InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException or InvalidCastException or IndexOutOfRangeException or FormatException or IOException)
        {
            return new CaseOutcome(test.Name, false, $"{e.GetType().Name}: {e.Message.Split('\n')[0].TrimEnd('\r')}", e.GetType().Name);
        }
    }

    private static CaseOutcome Replay(FixtureCase test, OnnxExportOptions? options)
    {
        using VectorsFile vectors = VectorsFile.Open(test.Vectors!);
        using KerasModel model = CaseRunner.Load(test, cancellation: Token(options));
        using var run = new OnnxRun(model, model.ToOnnx(options));
        var compared = new List<ArrayComparison>();
        foreach (VectorsCall call in vectors.Calls)
        {
            if (vectors.ForgetsStates)
            {
                run.Reset();
            }

            Tensor[] got = run.Predict([.. call.Inputs.Select(i => i.Read())], Token(options));
            compared.AddRange(call.Outputs.Select((want, i) => ArrayComparison.Of(want.Name, got[i], want.Read(), test.Tolerance, want.Stride, want.FullShape)));
        }

        return CaseRunner.Compared(test, compared);
    }

    private static CaseOutcome Architecture(FixtureCase test, Npz vectors, Tensor manifest, OnnxExportOptions? options)
    {
        (KerasModel model, Tensor[] inputs) = ArchitectureCase.Fill(test, JObject.Parse(System.Text.Encoding.UTF8.GetString(manifest.Bytes)));
        using (model)
        {
            return OneOutput(test, model, inputs, vectors["out"], options);
        }
    }

    private static CaseOutcome Trained(FixtureCase test, Npz vectors, OnnxExportOptions? options)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        using KerasModel model = TrainingRunCase.Trained(file, vectors);
        Tensor wanted = vectors["predicted"];
        return OneOutput(test, model, [vectors["x"].Rows(0, wanted.Shape[0])], wanted, options);
    }

    private static CaseOutcome OneOutput(FixtureCase test, KerasModel model, Tensor[] inputs, Tensor wanted, OnnxExportOptions? options)
    {
        using var run = new OnnxRun(model, model.ToOnnx(options));
        return CaseRunner.Compared(test, [ArrayComparison.Of(model.Outputs[0].Name, run.Predict(inputs)[0], wanted, test.Tolerance)]);
    }

    private static CancellationToken Token(OnnxExportOptions? options) => options?.CancellationToken ?? default;
}
