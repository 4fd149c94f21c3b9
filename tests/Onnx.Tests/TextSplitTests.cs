using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Surgery;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Onnx.Tests;

/// <summary>Models that read texts: their numeric part as ONNX, the part before it in C#.</summary>
public class TextSplitTests
{
    private const string TextModel = "keras-2.15.0-text-model";

    /// <summary>Every case of a suite that ONNX refuses for its texts: split, both parts give Keras's numbers, or nothing numeric is there to write.</summary>
    [OnnxRuntimeTheory]
    [InlineData("tfkeras2", 5, 9)]
    [InlineData("keras3-layers", 2, 50)]
    [InlineData("text", 0, 10)]
    public void Both_parts_give_the_numbers_of_Keras(string suite, int split, int textsAlone)
    {
        int whole = 0, alone = 0;
        foreach (FixtureCase test in CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).Cases.Where(OnnxCase.Concerns))
        {
            using KerasModel model = CaseRunner.Load(test);
            if (!ReadsTexts(model))
            {
                continue;
            }

            try
            {
                using TextSplit parts = TextSplit.Of(model)!;
                using var run = new OnnxRun(parts.Numeric, parts.Numeric.ToOnnx());
                using VectorsFile vectors = VectorsFile.Open(test.Vectors!);
                foreach (VectorsCall call in vectors.Calls)
                {
                    Tensor[] got = run.Predict(parts.Prepare([.. call.Inputs.Select(i => i.Read())]));
                    Assert.All(call.Outputs.Index(), o => Assert.True(ArrayComparison.Of(test.Name, got[o.Index], o.Item.Read(), test.Tolerance) is var c && c.Passes, c.ToString()));
                }

                whole++;
            }
            catch (UnsupportedModelException e)
            {
                Assert.Contains("no layer behind", e.Message, StringComparison.Ordinal);
                alone++;
            }
        }

        Assert.Equal((split, textsAlone), (whole, alone));
    }

    /// <summary>The lines that are printed are those that stand here and run.</summary>
    [OnnxRuntimeFact]
    public void Printed_lines_run()
    {
        string folder = Directory.CreateTempSubdirectory("split").FullName;
        try
        {
            string path = Fixtures.Path("tfkeras2", $"{TextModel}.keras");
            var request = new ExportRequest(path, null, [At("net.onnx")], new OnnxExportOptions()) { SplitPreprocessing = true, Vectors = Fixtures.Path("tfkeras2", $"{TextModel}.npz") };
            string json = string.Empty;
            var log = new ExportLog(text => json = text, json: true);
            Assert.Equal(Convert.ExitCode.Ok, ModelExporter.Run(request, log));
            log.End();
            Assert.Equal(["net.onnx", "net.preprocessing.safetensors"], Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

            using KerasModel model = KerasModel.Load(path);
            Tensor text = new DrawnInputs(model, new Dictionary<string, int>()).Calls(1)[0].Inputs[0];
            // The lines begin.
            using KerasModel preprocessing = KerasModel.Load(At("net.preprocessing.safetensors"));
            using var session = new OnnxSession(At("net.onnx"));
            // text: string (batch, 1)
            Tensor[] numbers = preprocessing.Predict([text]);
            // session takes text_vectorization; other runtimes take the same
            Tensor[] outputs = session.Run([numbers[0]]);
            // outputs: dense
            // The lines end.
            Assert.Equal(model.Predict(text).As<float>().ToArray(), outputs[0].As<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal(LinesHere(), JObject.Parse(json)["files"]!["net.onnx"]!["lines"]!.Select(l => (string)l!).SkipWhile(l => l.Length > 0).Skip(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string At(string file) => Path.Combine(folder, file);
    }

    [Fact]
    public void A_model_without_texts_is_not_split()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", "unet.keras"));
        Assert.Null(TextSplit.Of(model));
    }

    /// <summary>Refused without the option: the error names it.</summary>
    [Fact]
    public void The_refusal_says_what_to_do()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("tfkeras2", $"{TextModel}.keras"));
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => model.ToOnnx());
        Assert.Contains("StandardizeText", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--split-preprocessing", refusal.Message, StringComparison.Ordinal);
    }

    private static bool ReadsTexts(KerasModel model)
    {
        try
        {
            model.ToOnnx();
            return false;
        }
        catch (UnsupportedModelException e)
        {
            return e.Message.Contains("--split-preprocessing", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> LinesHere([CallerFilePath] string path = "") => File.ReadLines(path).Select(l => l.Trim())
        .SkipWhile(l => l != "// The lines begin.").Skip(1).TakeWhile(l => l != "// The lines end.").Select(l => Regex.Replace(l, "At\\((\"[^\"]+\")\\)", "$1"));
}
