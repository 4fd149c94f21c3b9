using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Commands;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Tests;

/// <summary>Suites about texts, and predictions for texts of the command line.</summary>
public class TextTests
{
    private static readonly Dictionary<string, FixtureCase> Cases = CaseSuite.Read(Path.Combine(Fixtures.Root, "pickles")).Cases
        .Concat(CaseSuite.Read(Path.Combine(Fixtures.Root, "text")).Cases)
        .ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_gives_what_Keras_gave(string name)
    {
        CaseOutcome outcome = CaseRunner.Run(Cases[name]);
        Assert.True(outcome.Passes, outcome.Text);
    }

    /// <summary>Which calls are checked does not shrink unseen.</summary>
    [Theory]
    [InlineData("words", 249)]
    [InlineData("hashing", 144)]
    [InlineData("tokenizer", 186)]
    [InlineData("tokenizer-json", 36)]
    [InlineData("padding", 155)]
    [InlineData("skipgrams", 97)]
    [InlineData("timeseries", 57)]
    [InlineData("numbers", 103)]
    [InlineData("lookup", 134)]
    [InlineData("vectorization", 73)]
    [InlineData("categories", 79)]
    [InlineData("hashes", 249)]
    [InlineData("unicode", 8)]
    public void A_topic_checks_so_many_calls(string topic, int calls) =>
        Assert.StartsWith($"{calls} calls equal", CaseRunner.Run(Cases[topic]).Text, StringComparison.Ordinal);

    /// <summary>The length comes from the model, or else from the command line.</summary>
    [Theory]
    [InlineData("seeds", "seeds-imdb-keras-2.3.1.h5", 0, "--tokenizer", "seeds-tokenizer-keras-2.3.1.json")]
    [InlineData("seeds", "seeds-embedding-keras-2.15.0.keras", 0, "--tokenizer", "seeds-tokenizer-keras-2.15.0.json", "--maxlen", "6", "--padding", "post")]
    [InlineData("text", "vectorize-int-keras-3.15.1.keras", 0)]
    [InlineData("text", "vectorize-int-keras-3.15.1.keras", 2, "--tokenizer", "../seeds/seeds-tokenizer-keras-2.3.1.json")]
    [InlineData("seeds", "seeds-imdb-keras-2.3.1.h5", 2)]
    [InlineData("seeds", "seeds-imdb-keras-2.3.1.h5", 2, "--tokenizer", "seeds-tokenizer-keras-2.3.1.json", "--maxlen", "7")]
    [InlineData("seeds", "seeds-imdb-keras-2.3.1.h5", 2, "--tokenizer", "seeds-tokenizer-keras-2.3.1.json", "--padding", "left")]
    public void Texts_are_predicted_for(string suite, string model, int exit, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("rated.json");
        string[] paths = [.. options.Select(o => o.EndsWith(".json", StringComparison.Ordinal) ? Fixtures.Path(suite, o) : o)];
        int code = PredictCommand.Create().Parse([Fixtures.Path(suite, model), "--text", "This is a text", "--text", "not", "--output", output, .. paths]).Invoke();
        Assert.Equal(exit, code);
        if (exit == 0)
        {
            Assert.Equal(2, JArray.Parse(File.ReadAllText(output)).Count);
        }
    }
}
