// A review's text to the probability that it is a good one: Tokenizer, pad_sequences, model file.
// Run it from the repository's root: dotnet run --project samples/sentiment -- "This is not a text"
using KerasCompat;
using KerasCompat.Text;

const string Folder = "tests/fixtures/seeds/";
string[] texts = args.Length > 0 ? args : ["This is a text", "This is not a text"];

// As in Python: a word index that texts were given when the model was trained (a .pickle or to_json() file), and its length.
var pipeline = new TextPipeline(Tokenizer.Load(Folder + "seeds-tokenizer-keras-2.3.1.json"))
{
    MaxLength = 500,
    Labels = ["negative", "positive"],
};
using KerasModel model = KerasModel.Load(Folder + "seeds-imdb-keras-2.3.1.h5");

var output = model.Predict(pipeline.ToInput(texts));
foreach ((string text, (string label, double probability)) in texts.Zip(pipeline.Classify(output)))
{
    Console.WriteLine($"{text}: {label}, {probability:f6}");
}
