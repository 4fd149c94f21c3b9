using System.Text.RegularExpressions;
using KerasCompat.Onnx;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A directory of cases: <c>cases.jsonl</c> and the files it names.</summary>
internal sealed class CaseSuite
{
    private readonly IReadOnlyList<FixtureCase> _cases;

    private CaseSuite(IReadOnlyList<FixtureCase> cases) => _cases = cases;

    /// <summary>Reads the cases.</summary>
    /// <param name="directory">Holds <c>cases.jsonl</c>.</param>
    /// <param name="files">Where the files lie; the same directory unless told.</param>
    /// <param name="only">A regular expression that names must match.</param>
    public static CaseSuite Read(string directory, string? files = null, string? only = null)
    {
        string path = Path.Combine(directory, "cases.jsonl");
        var cases = new List<FixtureCase>();
        foreach (string line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
            var parsed = new FixtureCase(JObject.Load(reader), files ?? directory);
            if (only is null || Regex.IsMatch(parsed.Name, only))
            {
                cases.Add(parsed);
            }
        }

        return new CaseSuite(cases);
    }

    /// <summary>Runs the cases one after another.</summary>
    /// <param name="device">What computes; the CPU unless told.</param>
    /// <param name="cancellation">Asked within each case as in a load, a prediction and a comparison.</param>
    public IEnumerable<CaseOutcome> Run(Device? device = null, CancellationToken cancellation = default) => _cases.Select(c => CaseRunner.Run(c, device, cancellation));

    /// <summary>Runs the cases through ONNX Runtime, one after another.</summary>
    /// <param name="options">How ONNX is written.</param>
    public IEnumerable<CaseOutcome> RunThroughOnnx(OnnxExportOptions? options = null) => _cases.Where(OnnxCase.Concerns).Select(c => OnnxCase.Run(c, options));

    /// <summary>Runs the cases that load, after writing each model as safetensors and reading it back.</summary>
    /// <param name="cancellation">Asked within each case.</param>
    public IEnumerable<CaseOutcome> RunThroughSafetensors(CancellationToken cancellation = default) =>
        _cases.Where(c => c is { Expect: "same", Model: not null, Vectors: not null } && CaseRunner.HasCalls(c) && CaseRunner.Run(c, cancellation: cancellation).Passes)
            .Select(c => CaseRunner.RunThroughSafetensors(c, cancellation));

    /// <summary>The cases.</summary>
    public IReadOnlyList<FixtureCase> Cases => _cases;
}
